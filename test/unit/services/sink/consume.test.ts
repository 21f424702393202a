// The sink's loop against a stream and a ClickHouse in memory: what is committed, when, and what becomes of bad rows.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WeatherError } from '../../../../shared/runtime/errors.js';
import { HELD_BYTES_MAX, STOP_INSERT_MS, WITNESS_SAMPLES_MAX } from '../../../../services/sink/limits.js';
import { block, runFakeSink, type RunningSink } from './fakes.js';

let sink: RunningSink;

beforeEach(() => {
  vi.useFakeTimers();
  sink = runFakeSink();
});

afterEach(async () => {
  sink.stop.abort();
  sink.cut.abort();
  await vi.advanceTimersByTimeAsync(5_000);
  vi.useRealTimers();
  await sink.ended;
});

const pass = async (ms: number) => await vi.advanceTimersByTimeAsync(ms);
const good = (...names: string[]) => names.map((name) => `{"project_id":"p","event_id":"${name}"}`);
const bad = (name: string) => `{"project_id":"p","event_id":"bad-${name}"}`;
const refuseBad = (code: number) => (table: string, line: string) =>
  table !== 'dead_letters' && line.includes('bad') ? code : undefined;

test('rows are stored, then their batches are committed with their counts', async () => {
  sink.stream.push(block(good('a', 'b')), block(good('c')));
  sink.stream.push(block(['{"n":1}'], { table: 'drops' }));
  await pass(2_000);
  expect(sink.clickhouse.distinct('events')).toEqual(good('a', 'b', 'c'));
  expect(sink.clickhouse.rows('drops')).toEqual(['{"n":1}']);
  expect(sink.stream.commits).toEqual([
    { stored: 3, dead: 0 },
    { stored: 0, dead: 0 },
  ]);
});

test('blocks of one table go into one insert, whatever stands between them', async () => {
  sink.stream.push(
    block(good('a')),
    block(['{"n":1}'], { table: 'drops' }),
    block(good('b')),
    block(['{"n":2}'], { table: 'drops' }),
  );
  await pass(2_000);
  expect(sink.clickhouse.inserts.map(({ table, lines }) => [table, lines.length])).toEqual([
    ['events', 2],
    ['drops', 2],
  ]);
});

test('nothing is committed while ClickHouse is away, and everything when it is back', async () => {
  sink.clickhouse.weather = () => 'unreachable';
  sink.stream.push(block(good('a')));
  await pass(300_000);
  expect(sink.stream.commits).toEqual([]);
  expect(sink.waiting.isWaitingFor('clickhouse')).toBe(true);
  sink.clickhouse.weather = () => undefined;
  await pass(10_000);
  expect(sink.stream.commits).toEqual([{ stored: 1, dead: 0 }]);
  expect(sink.waiting.anything).toBe(false);
  expect(sink.clickhouse.dead()).toEqual([]);
});

test('a batch of several tables is committed only after the last of them', async () => {
  sink.clickhouse.weather = (table) => (table === 'drops' ? 60 : undefined);
  sink.stream.push(block(good('a')), block(['{"n":1}'], { table: 'drops' }));
  await pass(60_000);
  expect(sink.clickhouse.rows('events').length).toBe(1);
  expect(sink.stream.commits).toEqual([]);
});

test.each([16, 44, 60, 81, 159, 192, 241, 242, 243, 252, 497, 516, 6, 48, 62, 130, 131, 1000])(
  'code %i is weather: it is waited out and makes no dead letter',
  async (code) => {
    sink.stream.push(block(good('a')));
    await pass(2_000);
    sink.clickhouse.weather = () => code;
    sink.stream.push(block([...good('b'), bad('c')]));
    await pass(120_000);
    expect(sink.stream.commits.length).toBe(1);
    expect(sink.clickhouse.dead()).toEqual([]);
    sink.clickhouse.weather = () => undefined;
    await pass(10_000);
    expect(sink.stream.commits.at(-1)).toEqual({ stored: 2, dead: 0 });
  },
);

test.each([25, 26, 27, 33, 41, 53, 72, 117, 376, 691])(
  'code %i on one row makes exactly that row a dead letter',
  async (code) => {
    sink.clickhouse.refuses = refuseBad(code);
    const poisoned = block([...good('a'), bad('b'), ...good('c')]);
    sink.stream.push(poisoned);
    await pass(5_000);
    expect(sink.clickhouse.distinct('events')).toEqual(good('a', 'c'));
    expect(sink.clickhouse.dead()).toMatchObject([
      { position: `${poisoned.position}:2`, target: 'events', reason: 'rejected_row', row: bad('b'), project_id: 'p' },
    ]);
    expect(sink.clickhouse.dead()[0]?.detail).toMatch(new RegExp(`^ClickHouse ${code} [A-Z_]+, column chars$`));
    expect(sink.stream.commits).toEqual([{ stored: 2, dead: 1 }]);
  },
);

test('a row stored before bears witness for a block of bad rows only', async () => {
  sink.clickhouse.refuses = refuseBad(27);
  sink.stream.push(block(good('a')));
  await pass(2_000);
  sink.stream.push(block([bad('b'), bad('c')]));
  await pass(5_000);
  expect(sink.clickhouse.dead().map(({ row }) => row)).toEqual([bad('b'), bad('c')]);
  expect(sink.stream.commits).toEqual([
    { stored: 1, dead: 0 },
    { stored: 0, dead: 2 },
  ]);
});

test('a data code without any witness is waited out, for as long as it takes', async () => {
  sink.clickhouse.refuses = refuseBad(117);
  sink.stream.push(block([bad('a'), bad('b')]));
  await pass(3_600_000);
  expect(sink.clickhouse.dead()).toEqual([]);
  expect(sink.stream.commits).toEqual([]);
  expect(sink.waiting.isWaitingFor('witness')).toBe(true);
  sink.clickhouse.refuses = () => undefined;
  await pass(20_000);
  expect(sink.stream.commits).toEqual([{ stored: 2, dead: 0 }]);
  expect(sink.waiting.anything).toBe(false);
});

test('a bad row without a witness does not stop the rows behind it, and the first of them is its witness', async () => {
  sink.clickhouse.refuses = refuseBad(376);
  sink.stream.push(block([bad('a')]));
  await pass(30_000);
  sink.stream.push(block(['{"n":1}'], { table: 'drops' }));
  await pass(5_000);
  expect(sink.clickhouse.rows('drops').length).toBe(1);
  expect(sink.stream.commits).toEqual([]);
  sink.stream.push(block(good('b')));
  await pass(5_000);
  expect(sink.clickhouse.dead().map(({ row }) => row)).toEqual([bad('a')]);
  expect(sink.stream.commits).toEqual([
    { stored: 0, dead: 1 },
    { stored: 0, dead: 0 },
    { stored: 1, dead: 0 },
  ]);
});

test('a table that refuses all of a sudden even what it took before costs no row', async () => {
  sink.stream.push(block(good('a')));
  await pass(2_000);
  sink.clickhouse.refuses = (table) => (table === 'events' ? 117 : undefined);
  sink.stream.push(block(good('b', 'c')));
  await pass(600_000);
  expect(sink.clickhouse.dead()).toEqual([]);
  expect(sink.stream.commits.length).toBe(1);
  sink.clickhouse.refuses = () => undefined;
  await pass(20_000);
  expect(sink.stream.commits.at(-1)).toEqual({ stored: 2, dead: 0 });
});

test('a table that breaks while bad rows are searched, and is mended before the end, costs no good row', async () => {
  for (let breakAt = 1; breakAt <= 12; breakAt += 1) {
    const one = runFakeSink();
    let inserts = 0;
    one.clickhouse.refuses = (table, line) => {
      if (table !== 'events') return undefined;
      if (line.includes('bad')) return 27;
      inserts += 1;
      return inserts >= breakAt && inserts < breakAt + 6 ? 117 : undefined;
    };
    one.stream.push(block(good('w')));
    one.stream.push(block([...good('a', 'b', 'c', 'd', 'e'), bad('x')]));
    await pass(120_000);
    expect(one.clickhouse.dead().map(({ row }) => row)).toEqual([bad('x')]);
    expect(one.clickhouse.distinct('events')).toEqual(good('a', 'b', 'c', 'd', 'e', 'w'));
    one.stop.abort();
    await pass(2_000);
    await one.ended;
  }
});

test('what waits for a witness is bounded: reading pauses, and goes on when the table is mended', async () => {
  sink.clickhouse.refuses = (table) => (table === 'events' ? 117 : undefined);
  const big = ['x'.repeat(HELD_BYTES_MAX / 4 + 1)];
  for (let i = 0; i < 8; i += 1) sink.stream.push(block(big));
  await pass(60_000);
  const reads = sink.stream.reads.length;
  await pass(60_000);
  expect(sink.stream.reads.length).toBe(reads);
  expect(sink.stream.commits).toEqual([]);
  sink.clickhouse.refuses = () => undefined;
  await pass(60_000);
  expect(sink.stream.commits.length).toBe(8);
});

test('while a table refuses everything, ClickHouse is asked seldom, however many groups wait', async () => {
  sink.clickhouse.refuses = (table) => (table === 'events' ? 117 : undefined);
  for (let i = 0; i < 40; i += 1) sink.stream.push(block(good(...Array.from({ length: 50 }, (_, n) => `${i}-${n}`))));
  await pass(120_000);
  const before = sink.clickhouse.inserts.length;
  await pass(150_000);
  // One group is tried again about every 15 s: all of it, the witness, and a sample.
  expect(sink.clickhouse.inserts.length - before).toBeLessThanOrEqual(25 * (2 + WITNESS_SAMPLES_MAX));
  sink.clickhouse.refuses = () => undefined;
  await pass(30_000);
  expect(sink.stream.commits.length).toBe(40);
});

test('one good row among many bad ones is found as a witness in the end', async () => {
  sink.clickhouse.refuses = refuseBad(27);
  const rows = Array.from({ length: 200 }, (_, n) => bad(String(n)));
  sink.stream.push(block([...rows.slice(0, 123), ...good('a'), ...rows.slice(123)]));
  await pass(600_000);
  expect(sink.stream.commits).toEqual([{ stored: 1, dead: 200 }]);
});

test('bad rows in other tables become dead letters too and do not count as events', async () => {
  sink.clickhouse.refuses = refuseBad(27);
  sink.stream.push(
    block(['{"n":1}', '{"n":"bad"}'], { table: 'drops' }),
    block(['{"user_key":"1"}', '{"user_key":"bad"}'], { table: 'erasures' }),
  );
  await pass(5_000);
  expect(
    sink.clickhouse
      .dead()
      .map(({ target }) => target)
      .sort(),
  ).toEqual(['drops', 'erasures']);
  expect(sink.stream.commits).toEqual([{ stored: 0, dead: 0 }]);
});

test('an unreadable block becomes one dead letter and counts as one dead row', async () => {
  const bytes = Buffer.from([0x00, 0xff, 0x22, 0x5c, 0x0a]);
  sink.stream.push(
    { position: 'log:1:77', reason: 'bad_crc', detail: 'the checksum differs', bytes },
    block(good('a')),
  );
  await pass(5_000);
  expect(sink.clickhouse.dead()).toMatchObject([
    { position: 'log:1:77:0', reason: 'bad_crc', detail: 'the checksum differs', row: bytes.toString('latin1') },
  ]);
  expect(sink.stream.commits).toEqual([{ stored: 1, dead: 1 }]);
});

test('a dead letter that is refused is weather', async () => {
  sink.clickhouse.refuses = (table, line) => (table === 'dead_letters' || line.includes('bad') ? 27 : undefined);
  sink.stream.push(block([...good('a'), bad('b')]));
  await pass(120_000);
  expect(sink.stream.commits).toEqual([]);
  expect(sink.waiting.isWaitingFor('dead_letters')).toBe(true);
  sink.clickhouse.refuses = refuseBad(27);
  await pass(20_000);
  expect(sink.stream.commits).toEqual([{ stored: 1, dead: 1 }]);
});

test('the lines count, not the number in the header, and the difference is counted', async () => {
  sink.stream.push(block(good('a', 'b'), { rows: 5 }), block([], { rows: 0 }));
  await pass(2_000);
  expect(sink.stream.commits).toEqual([{ stored: 2, dead: 0 }]);
  expect((await sink.metrics.rowCountMismatches.get()).values[0]?.value).toBe(1);
});

test('a block without a last newline does not run into the next one', async () => {
  const open = { ...block([]), rows: 1, body: Buffer.from(good('a')[0] ?? '') };
  sink.stream.push(open, block(good('b')));
  await pass(2_000);
  expect(sink.clickhouse.distinct('events')).toEqual(good('a', 'b'));
});

test('the next group is read while an insert is under way, and not the one after it', async () => {
  sink.clickhouse.delayMs = 60_000;
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) sink.stream.push(block(good(name)));
  await pass(30_000);
  expect(sink.stream.reads.length).toBe(4);
  expect(sink.stream.commits).toEqual([]);
  await pass(400_000);
  expect(sink.stream.commits.length).toBe(6);
});

test('a commit that fails is tried again, without another insert', async () => {
  sink.stream.failNextCommit = new WeatherError('ENOSPC', 'full', { retriable: true });
  sink.stream.push(block(good('a')));
  await pass(5_000);
  expect(sink.stream.commits).toEqual([{ stored: 1, dead: 0 }]);
  expect(sink.clickhouse.inserts.length).toBe(1);
});

test('a commit that can no longer be made is followed by reading again from the committed position', async () => {
  sink.stream.failNextCommit = new WeatherError('rebalanced', 'not ours', { retriable: false });
  sink.stream.push(block(good('a')));
  sink.stream.push(block(good('b')));
  sink.stream.push(block(good('c')));
  await pass(20_000);
  expect(sink.stream.rewinds).toBe(1);
  expect(sink.stream.commits.length).toBe(3);
  expect(sink.clickhouse.distinct('events')).toEqual(good('a', 'b', 'c'));
});

test('a stream that cannot be read is tried again', async () => {
  sink.stream.failNextRead = new WeatherError('EIO', 'disk', { retriable: true });
  sink.stream.push(block(good('a')));
  await pass(5_000);
  expect(sink.stream.commits.length).toBe(1);
});

test('a stop lets the insert under way end, commits it, and takes nothing new', async () => {
  sink.clickhouse.delayMs = 3_000;
  sink.stream.push(block(good('a')));
  await pass(1_000);
  sink.stream.push(block(good('b')));
  sink.stop.abort();
  await pass(STOP_INSERT_MS);
  await sink.ended;
  expect(sink.stream.commits).toEqual([{ stored: 1, dead: 0 }]);
});

test('a stop does not wait for ClickHouse to come back', async () => {
  sink.clickhouse.weather = () => 'unreachable';
  sink.stream.push(block(good('a')));
  await pass(10_000);
  sink.stop.abort();
  await pass(2_000);
  await sink.ended;
  expect(sink.stream.commits).toEqual([]);
});

test('a cut ends an insert that does not come back', async () => {
  sink.clickhouse.delayMs = 3_600_000;
  sink.stream.push(block(good('a')));
  await pass(2_000);
  sink.stop.abort();
  sink.cut.abort();
  await pass(2_000);
  await sink.ended;
  expect(sink.stream.commits).toEqual([]);
});
