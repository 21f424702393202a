// The ledger of reports in a real ClickHouse: what the archive and the quality page read of it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendRuns, type RunRow, type RunStatus } from '../../../../../services/reporter/reports/ledger-rows.js';
import {
  readPreviousReport,
  readRuns,
  readStoredJson,
  readStoredReport,
} from '../../../../../services/reporter/reports/ledger.js';
import { readReportTargetStates } from '../../../../../services/reporter/reports/target-states.js';
import { startTestClickHouse, type TestClickHouse } from '../../../../support/clickhouse.js';
import { storedReport } from '../../../../support/stored-reports.js';

/** Far enough ahead that the table keeps what these tests write. */
const MONDAY = Date.parse('2040-01-02T06:00:00Z');
const WEEK_MS = 7 * 86_400_000;

let server: TestClickHouse;
beforeAll(async () => {
  server = await startTestClickHouse();
});
afterAll(async () => {
  await server.stop();
});

function row(project: string, slot: number, target: string, status: RunStatus, more: Partial<RunRow> = {}): RunRow {
  const key = { project_id: project, report_id: 'weekly', slot: slot / 1000, edition: 1, target };
  return { ...key, status, attempt: 1, owner: 'a test', detail: '', ...more };
}

function rendered(project: string, slot: number, edition = 1, sentence = 'Nothing is known yet.'): RunRow {
  const content = JSON.stringify(storedReport({ project, slot, edition, sentence }));
  return row(project, slot, '', 'rendered', { edition, content });
}

test('a project sees its newest slots first, each with its editions and the state of every target', async () => {
  const rows = [
    row('shop', MONDAY - WEEK_MS, '', 'skipped', { edition: 0, attempt: 0, detail: 'first seen' }),
    row('shop', MONDAY, '', 'claimed', { attempt: 0 }),
    rendered('shop', MONDAY),
    row('shop', MONDAY, 'email:lead', 'sending'),
    row('shop', MONDAY, 'email:lead', 'waiting', { detail: 'the mail server did not take it now (451)' }),
    row('shop', MONDAY, 'file:files', 'sending'),
    row('shop', MONDAY, 'file:files', 'sent', { detail: '3 files' }),
    rendered('shop', MONDAY, 2),
    row('shop', MONDAY, 'file:files', 'sent', { edition: 2, detail: '3 files' }),
    row('shop', MONDAY + WEEK_MS, '', 'skipped', { attempt: 0, detail: 'missed' }),
    row('shop', MONDAY + 2 * WEEK_MS, '', 'claimed', { attempt: 0 }),
    rendered('other', MONDAY),
  ];
  // copies and another order change nothing
  await appendRuns(server.reporter, [...rows].reverse());
  await appendRuns(server.reporter, rows);
  const runs = await readRuns(server.reporter, 'shop', 3);
  expect(runs.map(({ slot, status }) => [(slot - MONDAY) / WEEK_MS, status])).toEqual([
    [2, 'claimed'],
    [1, 'skipped'],
    [0, 'rendered'],
  ]);
  expect(runs[2]?.editions.map(({ edition }) => edition)).toEqual([1, 2]);
  expect(runs[2]?.targets.map(({ target, edition, status, detail }) => [target, edition, status, detail])).toEqual([
    ['email:lead', 1, 'waiting', 'the mail server did not take it now (451)'],
    ['file:files', 1, 'sent', '3 files'],
    ['file:files', 2, 'sent', '3 files'],
  ]);
  expect((await readRuns(server.reporter, 'shop', 2)).length).toBe(2);
  expect((await readRuns(server.reporter, 'shop', 100)).length).toBe(3);
  expect(await readRuns(server.reporter, 'nobody', 100)).toEqual([]);
});

test('a stored report is read as it was written, the newest edition unless one is named', async () => {
  const rows = [
    rendered('kept', MONDAY),
    rendered('kept', MONDAY, 2, 'Known by now.'),
    rendered('kept', MONDAY + WEEK_MS),
  ];
  await appendRuns(server.reporter, rows);
  const key = { project: 'kept', report: 'weekly', slot: MONDAY };
  expect(await readStoredJson(server.reporter, { ...key, edition: 1 })).toBe(rows[0]?.content);
  expect(await readStoredJson(server.reporter, key)).toBe(rows[1]?.content);
  expect((await readStoredReport(server.reporter, key))?.headline[0]?.sentence).toBe('Known by now.');
  expect(await readStoredReport(server.reporter, { ...key, edition: 3 })).toBeUndefined();
  expect(await readStoredReport(server.reporter, { ...key, project: 'nobody' })).toBeUndefined();
  expect(await readStoredReport(server.reporter, { ...key, report: 'daily' })).toBeUndefined();
});

test('the report before is the newest edition of the newest earlier slot', async () => {
  const key = { project: 'kept', report: 'weekly', slot: MONDAY + WEEK_MS };
  expect((await readPreviousReport(server.reporter, key))?.edition).toBe(2);
  expect(await readPreviousReport(server.reporter, { ...key, slot: MONDAY })).toBeUndefined();
});

test('the state of a target is that of its newest delivery, with what it got and what it waits for', async () => {
  const second = MONDAY + WEEK_MS;
  await appendRuns(server.reporter, [
    row('states', MONDAY, 'webhook:ops', 'sent'),
    row('states', MONDAY, 'email:lead', 'sent'),
    row('states', MONDAY, 'slack:gone', 'skipped', { detail: 'the target left the reports file' }),
  ]);
  await appendRuns(server.reporter, [
    row('states', second, 'webhook:ops', 'claimed', { attempt: 0 }),
    row('states', second, 'email:lead', 'sending'),
    row('states', second, 'email:lead', 'failed', { detail: 'answered 404' }),
  ]);
  const states = await readReportTargetStates(server.reporter, ['states']);
  expect(states.map(({ target, status, detail, sent, open }) => ({ target, status, detail, sent, open }))).toEqual([
    { target: 'email:lead', status: 'failed', detail: 'answered 404', sent: 1, open: 0 },
    { target: 'webhook:ops', status: 'claimed', detail: '', sent: 1, open: 1 },
  ]);
  expect(await readReportTargetStates(server.reporter, ['nobody'])).toEqual([]);
});
