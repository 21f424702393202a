// The sink's process between a real disk log and a real ClickHouse: good rows, bad rows, bad weather, and its own death.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { blockOf, eventRow } from '../support/event-rows.js';
import { openSinkFixture, sinkGet, type SinkFixture } from '../support/sink-fixture.js';

let clickhouse: TestClickHouse;
let fixture: SinkFixture;

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
});
afterAll(async () => {
  await clickhouse.stop();
});
beforeEach(async () => {
  fixture = await openSinkFixture(clickhouse);
});
afterEach(async () => {
  await fixture.close();
});

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
  await fixture.writer.append([blockOf(rows.slice(0, 250)), blockOf([drop], 'drops'), blockOf([erasure], 'erasures')]);
  await fixture.writer.append([blockOf(rows.slice(250))]);
  await fixture.startSink();
  await fixture.reachTotals({ stored: 500, dead: 0 });
  expect(await fixture.storedIds()).toEqual(ids(rows));
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
  await fixture.writer.append(blocks);
  await fixture.startSink();
  await fixture.reachTotals({ stored: rows.flat().length, dead: POISON.length });
  expect(await fixture.storedIds()).toEqual(ids(rows.flat()));
  const letters = await fixture.deadLetters();
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

test('a row that reads as text in no encoding keeps its bytes in its dead letter', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i).filter((byte) => byte !== 10));
  const body = Buffer.concat([bytes, Buffer.from('\n'), blockOf([eventRow()]).body]);
  await fixture.writer.append([{ table: 'events', rows: 2, body }]);
  await fixture.startSink();
  await fixture.reachTotals({ stored: 1, dead: 1 });
  const [letter] = await clickhouse.reporter.query<{ row: string }>('SELECT hex(row) AS row FROM dead_letters FINAL');
  expect(letter?.row).toBe(bytes.toString('hex').toUpperCase());
});

test('odd values that ClickHouse takes in silence stop nothing', async () => {
  const odd = [{ generated_at: 253_402_300_799_000 }, { occurred_at: 1e14 }, { chars: 1e12 }, { value: null }];
  const rows = odd.map((over) => eventRow(over));
  await fixture.writer.append([blockOf(rows)]);
  await fixture.startSink();
  await fixture.reachTotals({ stored: rows.length, dead: 0 });
  expect(await fixture.deadLetters()).toEqual([]);
});

test('bad rows of other tables become dead letters and are not counted as events', async () => {
  const erasure = { project_id: 'demo', user_key: '7', requested_at: Date.now() };
  await fixture.writer.append([
    blockOf([erasure, { ...erasure, user_key: 'someone' }], 'erasures'),
    blockOf([eventRow()]),
  ]);
  await fixture.startSink();
  await fixture.reachTotals({ stored: 1, dead: 0 });
  expect(await fixture.deadLetters()).toMatchObject([
    { target: 'erasures', reason: 'rejected_row', project_id: 'demo' },
  ]);
});

test('a bad row is not repeated among the dead letters when it is delivered again', async () => {
  await fixture.writer.append([blockOf([eventRow(), eventRow({ chars: -1 })])]);
  const first = await fixture.startSink();
  await fixture.reachTotals({ stored: 1, dead: 1 });
  await first.kill();
  await rm(path.join(fixture.logDirectory, 'cursor.json'));
  await fixture.startSink();
  await fixture.reachTotals({ stored: 1, dead: 1 });
  expect((await fixture.deadLetters()).length).toBe(1);
});

test('figures tell what was stored, what is dead and what waits, and no log line holds a row', async () => {
  const sink = await fixture.startSink();
  expect(await sinkGet(sink, '/healthz')).toMatchObject({ status: 200 });
  expect(await sinkGet(sink, '/readyz')).toMatchObject({ status: 200 });
  expect(await sinkGet(sink, '/nothing')).toMatchObject({ status: 404 });
  await fixture.writer.append([blockOf([eventRow(), eventRow({ model: 7, prompt_id: 'secret-prompt' })])]);
  await fixture.reachTotals({ stored: 1, dead: 1 });
  const { body } = await sinkGet(sink, '/metrics');
  expect(body).toContain('tacit_sink_rows_total{table="events",outcome="stored"} 1');
  expect(body).toContain('tacit_sink_rows_total{table="events",outcome="dead"} 1');
  expect(body).toContain('tacit_sink_lag_bytes 0');
  expect(body).toContain('tacit_sink_lag_age_seconds 0');
  expect(body).toContain('tacit_sink_waiting{reason="clickhouse"} 0');
  expect(sink.log.join('\n')).toContain('rows can never be stored');
  expect(sink.log.join('\n')).not.toContain('secret-prompt');
});

test('a stop ends the process cleanly and lets go of the log', async () => {
  await fixture.writer.append([blockOf([eventRow()])]);
  const sink = await fixture.startSink();
  await fixture.reachTotals({ stored: 1, dead: 0 });
  expect(await sink.stop()).toBe(0);
  await fixture.writer.append([blockOf([eventRow()])]);
  await fixture.startSink();
  await fixture.reachTotals({ stored: 2, dead: 0 });
});
