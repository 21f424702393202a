// The reporter's configuration.
import { expect, test } from 'vitest';
import { reporterConfigSchema } from '../../../../services/reporter/config.js';
import { readConfig } from '../../../../shared/runtime/config.js';

test('without variables the defaults hold', () => {
  expect(readConfig(reporterConfigSchema, {})).toMatchObject({
    TACIT_ROLLUP_CRON: '*/5 * * * * *',
    TACIT_COMPARISON_CRON: '10 * * * *',
    TACIT_REPORTER_PORT: 7071,
    TACIT_HOST: '127.0.0.1',
  });
});

test('the roll-up can be turned off', () => {
  expect(readConfig(reporterConfigSchema, { TACIT_ROLLUP_CRON: 'off' }).TACIT_ROLLUP_CRON).toBe('off');
});

test('the looks can be turned off', () => {
  expect(readConfig(reporterConfigSchema, { TACIT_COMPARISON_CRON: 'off' }).TACIT_COMPARISON_CRON).toBe('off');
});

test('every problem is named at once', () => {
  const read = () => readConfig(reporterConfigSchema, { TACIT_ROLLUP_CRON: 'hourly', TACIT_REPORTER_PORT: '-1' });
  expect(read).toThrow(/TACIT_ROLLUP_CRON: must be "off" or a cron expression/);
  expect(read).toThrow(/TACIT_REPORTER_PORT/);
});

test('mail needs a server and a sender together, and both are judged', () => {
  const read = (env: Record<string, string>) => () => readConfig(reporterConfigSchema, env);
  const server = { TACIT_SMTP_URL: 'smtp://u:secret@mail:25' };
  expect(read({ ...server, TACIT_SMTP_FROM: 'Tacit <tacit@example.com>' })).not.toThrow();
  expect(read(server)).toThrow(/TACIT_SMTP_URL: needs TACIT_SMTP_FROM/);
  expect(read({ TACIT_SMTP_FROM: 'tacit@example.com' })).toThrow(/TACIT_SMTP_URL: needs TACIT_SMTP_FROM/);
  for (const from of ['tacit', 'a@b\r\nBcc: c@d', 'A <a@b'])
    expect(read({ ...server, TACIT_SMTP_FROM: from })).toThrow(/TACIT_SMTP_FROM: must be a mail address/);
  const other = read({ TACIT_SMTP_URL: 'http://u:secret@mail', TACIT_SMTP_FROM: 'a@b' });
  expect(other).toThrow(/must be an smtp or smtps address/);
  expect(other).not.toThrow(/secret/);
});

test('the public address is http or https', () => {
  const read = (url: string) => () => readConfig(reporterConfigSchema, { TACIT_PUBLIC_URL: url });
  expect(read('https://tacit.example.com/figures')).not.toThrow();
  expect(read('tacit.example.com')).toThrow(/TACIT_PUBLIC_URL: must be an http or https address/);
});
