// The sink's process between a real disk log and a real ClickHouse: good rows, bad rows, bad weather, and its own death.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { StreamTotals } from '../../shared/runtime/stream.js';
import { readCursor } from '../../shared/runtime/disk-log/cursor.js';
import { openDiskLogWriter, type DiskLogWriter } from '../../shared/runtime/disk-log/writer.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { blockOf, eventRow } from '../support/event-rows.js';
import { eventually } from '../support/eventually.js';
import { startService, type ServiceProcess } from '../support/service-process.js';

let clickhouse: TestClickHouse;
let directory: string;
let writer: DiskLogWriter;
let sink: ServiceProcess | undefined;

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
});
afterAll(async () => {
  await clickhouse.stop();
});
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'tacit-sink-'));
  writer = await openDiskLogWriter({ directory: path.join(directory, 'disk-log') });
  for (const table of ['events', 'generations', 'drops', 'dead_letters', 'erasures'])
    await clickhouse.migrator.command(`TRUNCATE TABLE ${table}`);
});
afterEach(async () => {
  await sink?.kill();
  sink = undefined;
  await writer.close();
  await rm(directory, { recursive: true, force: true });
});

async function startSink(url = clickhouse.url): Promise<ServiceProcess> {
  const { user, password } = clickhouse.connections.writer;
  sink = await startService('sink', {
    TACIT_DATA_DIR: directory,
    TACIT_SINK_PORT: '0',
    CLICKHOUSE_URL: url,
    CLICKHOUSE_WRITER_USER: user,
    CLICKHOUSE_WRITER_PASSWORD: password,
  });
  return sink;
}

async function totals(): Promise<StreamTotals> {
  return (await readCursor(path.join(directory, 'disk-log')))?.totals ?? { stored: 0, dead: 0 };
}

async function reachTotals(expected: StreamTotals, timeoutMs = 30_000): Promise<void> {
  await eventually(totals, ({ stored, dead }) => stored + dead >= expected.stored + expected.dead, timeoutMs);
  expect(await totals()).toEqual(expected);
}

async function storedIds(): Promise<string[]> {
  const rows = await clickhouse.reporter.query<{ id: string }>(
    'SELECT DISTINCT toString(event_id) AS id FROM events ORDER BY id',
  );
  return rows.map(({ id }) => id);
}

interface DeadLetter {
  position: string;
  target: string;
  reason: string;
  detail: string;
  row: string;
  project_id: string;
}

async function deadLetters(): Promise<DeadLetter[]> {
  return await clickhouse.reporter.query<DeadLetter>(
    'SELECT position, target, reason, detail, row, project_id FROM dead_letters FINAL ORDER BY position, row',
  );
}

const ids = (rows: readonly Record<string, unknown>[]) => rows.map((row) => String(row['event_id'])).sort();

test('rows of every table arrive, and the position moves behind them', async () => {
  const rows = Array.from({ length: 500 }, () => eventRow());
  const drop = {
    project_id: 'demo',
    reason: 'too_old',
    drop_id: rows[0]?.['event_id'],
    minute: Math.floor(Date.now() / 1000),
    n: 3,
  };
  const erasure = { project_id: 'demo', user_key: '7', requested_at: Date.now() };
  await writer.append([blockOf(rows.slice(0, 250)), blockOf([drop], 'drops'), blockOf([erasure], 'erasures')]);
  await writer.append([blockOf(rows.slice(250))]);
  await startSink();
  await reachTotals({ stored: 500, dead: 0 });
  expect(await storedIds()).toEqual(ids(rows));
  const [counted] = await clickhouse.reporter.query(
    'SELECT (SELECT sum(n) FROM drops FINAL) AS dropped, (SELECT count() FROM erasures FINAL) AS erased, (SELECT uniqExact(generation_id) FROM generations) AS generations',
  );
  expect(counted).toEqual({ dropped: '3', erased: '1', generations: '500' });
});

/** One row for each thing that ClickHouse refuses loudly, by the column that shows it. */
const POISON: readonly { name: string; line: Record<string, unknown> | string; reason: string; detail: RegExp }[] = [
  { name: 'a bad UUID', line: eventRow({ event_id: 'no-uuid' }), reason: 'rejected_row', detail: /376.*event_id/ },
  {
    name: 'an unknown kind',
    line: eventRow({ event_type: 'jump' }),
    reason: 'rejected_row',
    detail: /691.*event_type/,
  },
  { name: 'a negative count', line: eventRow({ chars: -1 }), reason: 'rejected_row', detail: /72.*chars/ },
  { name: 'a text for a number', line: eventRow({ chars: 'many' }), reason: 'rejected_row', detail: /27.*chars/ },
  { name: 'a fraction for an integer', line: eventRow({ rank: 1.5 }), reason: 'rejected_row', detail: /27/ },
  { name: 'a number for a text', line: eventRow({ model: 7 }), reason: 'rejected_row', detail: /26.*model/ },
  { name: 'an object for a text', line: eventRow({ model: {} }), reason: 'rejected_row', detail: /26.*model/ },
  { name: 'null for a text', line: eventRow({ model: null }), reason: 'rejected_row', detail: /26.*model/ },
  { name: 'a text for a map', line: eventRow({ attributes: 'de' }), reason: 'rejected_row', detail: /27.*attributes/ },
  {
    name: 'a word for a time',
    line: eventRow({ occurred_at: 'now' }),
    reason: 'rejected_row',
    detail: /27.*occurred_at/,
  },
  { name: 'a field too many', line: eventRow({ colour: 'red' }), reason: 'rejected_row', detail: /117/ },
  {
    name: 'half a surrogate pair',
    line: JSON.stringify(eventRow({ label: 'LABEL' })).replace('LABEL', '\\ud83d'),
    reason: 'rejected_row',
    detail: /25.*label/,
  },
  { name: 'half a row', line: JSON.stringify(eventRow()).slice(0, 200), reason: 'unparsable_row', detail: /2[67]/ },
  { name: 'an open string', line: '{"project_id":"de', reason: 'unparsable_row', detail: /26/ },
  { name: 'no JSON', line: 'hello', reason: 'unparsable_row', detail: /27/ },
  { name: 'bytes that are no text', line: '\u0000\u0001"\\', reason: 'unparsable_row', detail: /27/ },
  { name: 'a list', line: '[1,2]', reason: 'unparsable_row', detail: /27/ },
  { name: 'more after the row', line: `${JSON.stringify(eventRow())}x`, reason: 'unparsable_row', detail: /27/ },
];

const textOf = (line: Record<string, unknown> | string) => (typeof line === 'string' ? line : JSON.stringify(line));

test('every kind of row that ClickHouse refuses becomes a dead letter, alone, wherever it stands', async () => {
  const rows = POISON.map(() => [eventRow(), eventRow(), eventRow()]);
  const blocks = POISON.map(({ line }, i) => {
    const good = rows[i] ?? [];
    return blockOf([...good.slice(0, i % 4), line, ...good.slice(i % 4)]);
  });
  await writer.append(blocks);
  await startSink();
  await reachTotals({ stored: rows.flat().length, dead: POISON.length });
  expect(await storedIds()).toEqual(ids(rows.flat()));
  const letters = await deadLetters();
  expect(letters.length).toBe(POISON.length);
  for (const [i, { name, line, reason, detail }] of POISON.entries()) {
    const letter = letters.find(({ row }) => row === textOf(line));
    expect(letter, name).toMatchObject({ target: 'events', reason });
    expect(letter?.detail, name).toMatch(detail);
    expect(letter?.detail, name).toMatch(/^ClickHouse \d+ [A-Z_]+(, column [a-z_]+)?$/);
    expect(letter?.position, name).toMatch(new RegExp(`^log:\\d+-\\d+:\\d+:${(i % 4) + 1}$`));
    expect(letter?.project_id, name).toBe(reason === 'rejected_row' ? 'demo' : '');
  }
});
