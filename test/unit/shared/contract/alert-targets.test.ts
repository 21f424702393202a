// Targets of alerts in the projects file.
import { describe, expect, test } from 'vitest';
import { ALERT_TARGETS_MAX, alertSettingsSchema } from '../../../../shared/contract/alert-targets.js';
import { projectSchema } from '../../../../shared/contract/projects.js';

const slack = (name: string) => ({ kind: 'slack', name, url: { env: 'SLACK_URL' } });
const webhook = (url: unknown) => ({ kind: 'webhook', name: 'ops', url, secret: { env: 'OPS_SECRET' } });

function check(targets: unknown[], accepted: boolean): void {
  expect(alertSettingsSchema.safeParse({ targets }).success, JSON.stringify(targets)).toBe(accepted);
}

test('a project without the setting has no targets', () => {
  expect(projectSchema.parse({ id: 'p', hashKey: { value: 'a hash key of a test' } }).alerts).toEqual({ targets: [] });
});

test('an unknown field or kind does not pass', () => {
  expect(alertSettingsSchema.safeParse({ target: [] }).success).toBe(false);
  check([{ ...slack('a'), secret: { env: 'A' } }], false);
  check([{ kind: 'pager', name: 'a' }], false);
});

test('twenty targets pass, twenty-one do not', () => {
  const targets = (n: number) => Array.from({ length: n }, (_, i) => slack(`t${i}`));
  check(targets(ALERT_TARGETS_MAX), true);
  check(targets(ALERT_TARGETS_MAX + 1), false);
});

test('a name is used once per kind, and is no address', () => {
  check([slack('a'), slack('a')], false);
  check([slack('a'), { kind: 'email', name: 'a', to: 'a@example.com' }], true);
  for (const name of ['', 'A', 'https://x', 'a@example.com', '-a']) check([slack(name)], false);
});

describe('an address', () => {
  test('of a webhook stands in the file or in a variable', () => {
    check([webhook({ value: 'https://hooks.example.com/a?b=c' })], true);
    check([webhook({ value: 'http://10.0.0.7:8080/hook' })], true);
    check([webhook({ env: 'HOOK' })], true);
  });

  test('is http or https and holds no password', () => {
    for (const value of ['ftp://x/', 'x', 'https://', 'https://u:p@x/', 'https://u@x', 'http://x y/'])
      check([webhook({ value })], false);
  });

  test('of Slack stands in a variable only, since it is a secret', () => {
    check([{ kind: 'slack', name: 'a', url: { value: 'https://hooks.slack.com/services/T/B/x' } }], false);
  });

  test('of mail is one address', () => {
    const email = (to: string) => ({ kind: 'email', name: 'a', to });
    check([email('a@example.com')], true);
    for (const to of [
      '',
      'a',
      'a@example.com, b@example.com',
      'A <a@example.com>',
      'a@example.com\r\nBcc: b@example.com',
    ])
      check([email(to)], false);
  });
});

test('a secret in the file has sixteen characters or more', () => {
  const target = (value: string) => ({ ...webhook({ env: 'HOOK' }), secret: { value } });
  check([target('x'.repeat(16))], true);
  check([target('x'.repeat(15))], false);
});
