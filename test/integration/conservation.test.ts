// The conservation law: every acknowledged event is in exactly one of stored, dead and waiting, by position and by id, and the
// committed totals say so. Real collector and sink as processes, a real ClickHouse, a ledger in a process of its own.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDiskLogWriter } from '../../shared/runtime/disk-log/writer.js';
import { sleep } from '../../shared/runtime/retry.js';
import { judge, LogArchive, readWarehouse, type AuditedLog, type Verdict } from '../support/auditor.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { blockOf, eventRow } from '../support/event-rows.js';
import { eventually } from '../support/eventually.js';
import type { LedgerReport } from '../support/ledger-process.js';
import { startLedger, type Ledger } from '../support/ledger.js';
import { startService, type ServiceProcess } from '../support/service-process.js';

const KEY = 'pk_conservation_test';
let clickhouse: TestClickHouse;
let directory: string;
let archive: LogArchive;
const ledger: Ledger = startLedger();
let collector: ServiceProcess | undefined;
let sink: ServiceProcess | undefined;
let held: LedgerReport = { acknowledged: [], dropped: {}, sentTwice: 0 };
/** Ids of rows that were appended around the collector: good ones, and ones that can never be stored. */
const injected: string[] = [];
const poisoned: string[] = [];

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
  directory = await mkdtemp(path.join(os.tmpdir(), 'tacit-conservation-'));
  const project = { id: 'demo', hashKey: { value: 'a'.repeat(32) }, writeKeys: [{ key: KEY, allowNoOrigin: true }] };
  await writeFile(path.join(directory, 'projects.json'), JSON.stringify({ version: 1, projects: [project] }));
  archive = new LogArchive(path.join(directory, 'disk-log'), path.join(directory, 'archive'));
  collector = await startCollector();
  sink = await startSink();
});

afterAll(async () => {
  await ledger.close();
  await Promise.all([collector?.kill(), sink?.kill()]);
  await clickhouse.stop();
  await rm(directory, { recursive: true, force: true });
});

async function startCollector(): Promise<ServiceProcess> {
  return await startService('collector', { TACIT_DATA_DIR: directory, TACIT_COLLECTOR_PORT: '0' });
}

async function startSink(): Promise<ServiceProcess> {
  const { user, password } = clickhouse.connections.writer;
  return await startService('sink', {
    TACIT_DATA_DIR: directory,
    CLICKHOUSE_URL: clickhouse.url,
    CLICKHOUSE_WRITER_USER: user,
    CLICKHOUSE_WRITER_PASSWORD: password,
  });
}

async function send(batches: number): Promise<void> {
  held = await ledger.send({ collector: `http://127.0.0.1:${String(collector?.ready['port'])}`, key: KEY, batches });
}

async function atRest(): Promise<AuditedLog> {
  return await eventually(
    async () => archive.read(),
    ({ blocks }) => blocks.every((block) => block.committed),
    60_000,
  );
}

async function audit(log: AuditedLog): Promise<Verdict> {
  return judge(log, await readWarehouse(clickhouse.connections.reporter), [
    ...held.acknowledged,
    ...injected,
    ...poisoned,
  ]);
}

async function dropsByReason(): Promise<Record<string, number>> {
  const { drops } = await readWarehouse(clickhouse.connections.reporter);
  const sums: Record<string, number> = {};
  for (const { reason, n } of drops.values()) sums[reason] = (sums[reason] ?? 0) + n;
  return sums;
}

test('at rest every acknowledged event is stored, and batches sent twice are counted once', async () => {
  await send(24);
  const verdict = await audit(await atRest());
  expect(verdict.violations).toEqual([]);
  expect(verdict.ids).toEqual({ stored: held.acknowledged.length, dead: 0, waiting: 0 });
  expect(held.sentTwice).toBe(6);
  expect(verdict.lines.stored).toBe(held.acknowledged.length + 6 * 40);
  const [counted] = await clickhouse.reporter.query(
    'SELECT (SELECT count() FROM events FINAL) AS events, (SELECT count() FROM generation_outcomes) AS generations',
  );
  expect(counted).toEqual({ events: String(held.acknowledged.length), generations: String(24 * 20) });
});

test('what the collector dropped is in the table of drops, by reason, once', async () => {
  await atRest();
  expect(held.dropped).toEqual({ not_an_object: 8, invalid_id: 8, unknown_type: 16 });
  expect(await dropsByReason()).toEqual(held.dropped);
});

test('with ClickHouse stopped the new events wait, and nothing else changes', async () => {
  await atRest();
  const before = held.acknowledged.length;
  await clickhouse.kill();
  await send(9);
  await sleep(2_000);
  const log = archive.read();
  // ClickHouse must answer for the audit: the sink does not see that it is back.
  await sink?.kill();
  await clickhouse.restart();
  const verdict = await audit(log);
  expect(verdict.violations).toEqual([]);
  expect(verdict.ids).toEqual({ stored: before, dead: 0, waiting: 9 * 40 });
  sink = await startSink();
  const after = await audit(await atRest());
  expect(after.violations).toEqual([]);
  expect(after.ids).toEqual({ stored: held.acknowledged.length, dead: 0, waiting: 0 });
  expect(await dropsByReason()).toEqual(held.dropped);
});

test('poisoned rows are dead, each by its position, and their neighbours are stored', async () => {
  await atRest();
  archive.sweep();
  await collector?.stop();
  // A client cannot send these: the collector would drop them.
  const writer = await openDiskLogWriter({ directory: path.join(directory, 'disk-log') });
  const good = Array.from({ length: 10 }, () => eventRow());
  const bad = [eventRow({ event_type: 'jump' }), eventRow({ chars: -1 }), eventRow({ model: 7 })];
  await writer.append([blockOf([...good.slice(0, 5), ...bad, '{"project_id":"demo', 'hello', ...good.slice(5)])]);
  await writer.append([blockOf([...good.slice(0, 2), { ...bad[0], event_id: 'no-uuid' }])]);
  await writer.close();
  poisoned.push(...bad.map((row) => String(row['event_id'])));
  injected.push(...good.map((row) => String(row['event_id'])));
  collector = await startCollector();
  await send(6);
  const verdict = await audit(await atRest());
  expect(verdict.violations).toEqual([]);
  expect(verdict.lines.dead).toBe(6);
  expect(verdict.ids).toEqual({ stored: held.acknowledged.length + injected.length, dead: 3, waiting: 0 });
});

test('a sink and a ClickHouse that are killed again and again lose nothing and count nothing twice', async () => {
  for (let round = 0; round < 4; round += 1) {
    await send(5);
    await sleep(150 * round);
    await sink?.kill();
    if (round % 2 === 1) {
      await clickhouse.kill();
      await clickhouse.restart();
    }
    await send(2);
    sink = await startSink();
  }
  const verdict = await audit(await atRest());
  expect(verdict.violations).toEqual([]);
  expect(verdict.ids.stored).toBe(held.acknowledged.length + injected.length);
  expect(verdict.lines.dead).toBe(6);
  expect(await dropsByReason()).toEqual(held.dropped);
});

test('the auditor sees a lost event, an event counted twice, and a total that is wrong', async () => {
  const log = await atRest();
  const warehouse = await readWarehouse(clickhouse.connections.reporter);
  const [id = ''] = held.acknowledged;
  const without = { ...warehouse, stored: new Set([...warehouse.stored].filter((stored) => stored !== id)) };
  expect(judge(log, without, []).violations.length).toBeGreaterThan(0);
  const event = log.blocks.find((block) => block.table === 'events');
  const both = { ...warehouse, dead: new Set([...warehouse.dead, `${event?.position}:1`]) };
  expect(judge(log, both, []).violations.join()).toContain('stored and dead');
  const wrong = { ...log, totals: { ...log.totals, stored: log.totals.stored - 1 } };
  expect(judge(wrong, warehouse, []).violations.join()).toContain('committed');
  const unknown = judge(log, warehouse, ['00000000-0000-4000-8000-000000000000']);
  expect(unknown.violations.join()).toContain('nowhere');
  const noDrops = { ...warehouse, drops: new Map<string, { reason: string; n: number }>() };
  expect(judge(log, noDrops, []).violations.join()).toContain('a drop that is not stored');
});
