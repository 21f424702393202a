// Reports by mail over TLS, trusted as whoever runs the reporter makes it trust an authority: by NODE_EXTRA_CA_CERTS, which Node
// reads when a process starts. Real processes, a real mail server, certificates of an authority of the test's own.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readStoredReport } from '../../../../../services/reporter/reports/ledger.js';
import { reportMail } from '../../../../../services/reporter/reports/send-report.js';
import { messageId } from '../../../../../services/reporter/deliver/mail.js';
import { openMailReceiver } from '../../../../support/alert-receiver.js';
import { makeAuthority } from '../../../../support/certificates.js';
import { startTestClickHouse, type TestClickHouse } from '../../../../support/clickhouse.js';
import type { ReportProcessTask } from '../../../../support/report-process.js';
import { definitionOf } from '../../../../support/report-stage.js';
import { runEntry } from '../../../../support/run-entry.js';
import { makeTempDir } from '../../../../support/temp-dir.js';

const FROM = 'tacit@example.com';
const SLOT = Date.parse('2040-01-03T06:00:00Z');
const target = { kind: 'email', name: 'lead', to: 'lead@example.com' };
const authority = makeAuthority();
const { dir, remove } = makeTempDir('authority');
const authorityFile = path.join(dir, 'authority.pem');

let server: TestClickHouse;
beforeAll(async () => {
  writeFileSync(authorityFile, authority.cert);
  server = await startTestClickHouse();
});
afterAll(async () => {
  await server.stop();
  remove();
});

/** A pass of a reporter at an instant, and how the newest attempt at the mail ended by then. */
async function pass(project: string, mail: string, at: number, env: Record<string, string>): Promise<string> {
  const definitions = [definitionOf({ targets: [target] })];
  const task: ReportProcessTask = {
    ...{ connection: server.connections.reporter, project, definitions, mail },
    ...{ at: new Date(at).toISOString(), leaseMs: 60_000 },
  };
  const { code, said } = await runEntry(['test', 'support', 'report-process.js'], [JSON.stringify(task)], { env }).end;
  expect(code, said).toBe(0);
  expect(said).not.toContain('a-password');
  const [row] = await server.reporter.query<{ step: string }>(
    `SELECT concat(toString(attempt), ' ', toString(status), ' ', detail) AS step FROM report_runs
     WHERE project_id = {project:String} AND target = 'email:lead' ORDER BY attempt DESC, report_runs.status DESC LIMIT 1`,
    { project },
  );
  return row?.step ?? '';
}

const withPassword = (url: string) => url.replace('//', '//reporter:a-password@');

test.each([
  ['smtps', true],
  ['smtp', false],
] as const)('a report arrives whole at %s: once its authority is trusted, and not before', async (scheme, implicit) => {
  const mail = await openMailReceiver(0, { ...authority.signed('mail.test', '127.0.0.1'), implicit });
  try {
    const url = withPassword(mail.url);
    expect(new URL(url).protocol).toBe(`${scheme}:`);
    await pass(scheme, url, SLOT - 3_600_000, {});
    expect(await pass(scheme, url, SLOT, {})).toBe('1 waiting the certificate of the other side is not trusted');
    expect(mail.mails).toEqual([]);
    const trusting = { NODE_EXTRA_CA_CERTS: authorityFile };
    expect(await pass(scheme, url, SLOT + 600_000, trusting)).toBe('2 sent the mail server took it');

    const report = await readStoredReport(server.reporter, { project: scheme, report: 'daily', slot: SLOT });
    if (report === undefined) throw new Error('nothing is stored');
    const meant = reportMail(report, { name: 'lead' }, FROM);
    const [got] = mail.mails;
    expect(mail.mails).toHaveLength(1);
    expect(mail.ways).toEqual([{ encrypted: true, user: 'reporter a-password' }]);
    expect([got?.subject, got?.messageId, got?.from?.text]).toEqual([meant.subject, messageId(meant.id, FROM), FROM]);
    expect([got?.to].flat()[0]?.text).toBe('lead@example.com');
    expect([got?.text?.trim(), String(got?.html).trim()]).toEqual([meant.text.trim(), meant.html.trim()]);
    expect(got?.attachments.map(({ content }) => content.toString('utf8'))).toEqual(
      meant.attachments?.map(({ content }) => content),
    );
  } finally {
    await mail.close();
  }
});

test('a certificate of a trusted authority for another server is not trusted', async () => {
  const mail = await openMailReceiver(0, { ...authority.signed('mail.test', '127.0.0.2'), implicit: true });
  try {
    const url = withPassword(mail.url);
    await pass('misnamed', url, SLOT - 3_600_000, {});
    expect(await pass('misnamed', url, SLOT, { NODE_EXTRA_CA_CERTS: authorityFile })).toBe(
      '1 waiting the certificate of the other side is not trusted',
    );
    expect(mail.mails).toEqual([]);
  } finally {
    await mail.close();
  }
});
