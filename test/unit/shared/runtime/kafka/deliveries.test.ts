// Epochs, the order of commits, and totals, with a group coordinator that only keeps what it is told.
import { expect, test } from 'vitest';
import { decodeTotals, encodeTotals } from '../../../../../shared/runtime/kafka/commit-metadata.js';
import { Deliveries, QUEUE_BYTES_MAX, type WriteCommit } from '../../../../../shared/runtime/kafka/deliveries.js';
import { encodeRecord } from '../../../../../shared/runtime/kafka/record.js';
import { blockOf } from '../../../../support/event-rows.js';

function record(offset: number) {
  const { value, headers } = encodeRecord(blockOf([`{"o":${offset}}`]), 0);
  return { offset: String(offset), timestamp: String(1000 + offset), value, headers };
}

const records = (...offsets: number[]) => offsets.map(record);
const RECORD_BYTES = record(1).value.length;

function open(partitions: readonly number[] = [0]) {
  const written: [partition: number, offset: string, metadata: string][] = [];
  const failures: Error[] = [];
  const write: WriteCommit = async (...commit) => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    written.push(commit);
  };
  const deliveries = new Deliveries('t');
  deliveries.join(partitions);
  deliveries.begin(
    1,
    new Map(partitions.map((partition) => [partition, { offset: undefined, gone: false, totals: undefined }])),
  );
  return { deliveries, written, write, failures };
}

const one = { stored: 1, dead: 0 };

test('a batch holds records of one partition, and the partitions take turns', () => {
  const { deliveries, write } = open([0, 1]);
  deliveries.push(1, 0, records(1, 2, 3), write);
  deliveries.push(1, 1, records(7), write);
  const taken = () => deliveries.take(2 * RECORD_BYTES)?.items.map(({ position }) => position);
  expect([taken(), taken(), taken(), taken()]).toEqual([['t:1:7'], ['t:0:1', 't:0:2'], ['t:0:3'], undefined]);
});

test('a commit is the offset behind the batch with the totals, in one write', async () => {
  const { deliveries, written, write } = open();
  deliveries.begin(1, new Map([[0, { offset: 4, gone: false, totals: { stored: 10, dead: 2 } }]]));
  deliveries.push(1, 0, records(4, 5), write);
  await deliveries.take(1e6)?.commit({ stored: 5, dead: 1 });
  expect(written).toEqual([[0, '6', encodeTotals({ stored: 15, dead: 3 })]]);
  expect(deliveries.totals()).toEqual({ stored: 15, dead: 3 });
  expect([deliveries.committed(0), deliveries.next(0)]).toEqual([6, 6]);
});

test('what was read before a join is never committed after it, and nothing of it is read again from here', async () => {
  const { deliveries, written, write } = open();
  deliveries.push(1, 0, records(1, 2), write);
  const batch = deliveries.take(RECORD_BYTES);
  deliveries.join([0]);
  await expect(batch?.commit(one)).rejects.toMatchObject({ code: 'kafka_stale', retriable: false });
  expect(written).toEqual([]);
  expect(deliveries.take(1e6)).toBeUndefined();
  expect(deliveries.push(1, 0, records(3), write)).toBe(false);
  expect(deliveries.push(2, 1, records(3), write)).toBe(false);
  expect(deliveries.push(2, 0, records(1), write)).toBe(true);
});

test('positions of an epoch that is over change nothing', () => {
  const { deliveries } = open();
  deliveries.join([0]);
  deliveries.begin(1, new Map([[0, { offset: 9, gone: false, totals: { stored: 9, dead: 0 } }]]));
  expect([deliveries.next(0), deliveries.totals()]).toEqual([undefined, { stored: 0, dead: 0 }]);
});

test('totals go on from what is known when a position comes back without any', async () => {
  const { deliveries, written, write } = open();
  deliveries.push(1, 0, records(1), write);
  await deliveries.take(1e6)?.commit(one);
  deliveries.join([0]);
  deliveries.begin(2, new Map([[0, { offset: undefined, gone: false, totals: undefined }]]));
  deliveries.push(2, 0, records(5), write);
  await deliveries.take(1e6)?.commit(one);
  expect(written.at(-1)).toEqual([0, '6', encodeTotals({ stored: 2, dead: 0 })]);
});

test('batches of a partition are committed in their order; those of another need not wait', async () => {
  const { deliveries, written, write } = open([0, 1]);
  deliveries.push(1, 0, records(1, 2), write);
  deliveries.push(1, 1, records(7), write);
  const seven = deliveries.take(RECORD_BYTES);
  const first = deliveries.take(RECORD_BYTES);
  const second = deliveries.take(RECORD_BYTES);
  await expect(second?.commit(one)).rejects.toThrow('in the order they were read');
  await seven?.commit(one);
  await first?.commit(one);
  await second?.commit(one);
  await expect(second?.commit(one)).rejects.toMatchObject({ retriable: false });
  expect(written.map(([partition, offset]) => [partition, offset])).toEqual([
    [1, '8'],
    [0, '2'],
    [0, '3'],
  ]);
});

test('a commit under way holds up those of its own partition alone, and is waited for', async () => {
  const { deliveries, written, write } = open([0, 1]);
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const slow: typeof write = async (partition, ...rest) => {
    if (partition === 0) await answered;
    await write(partition, ...rest);
  };
  deliveries.push(1, 0, records(1, 2), slow);
  deliveries.push(1, 1, records(7), slow);
  const seven = deliveries.take(RECORD_BYTES);
  const [first, second] = [deliveries.take(RECORD_BYTES), deliveries.take(RECORD_BYTES)];
  const held = Promise.all([first?.commit(one), second?.commit(one)]);
  await seven?.commit(one);
  expect(written.map(([partition]) => partition)).toEqual([1]);
  let settled = false;
  const waiting = deliveries.settled().then(() => (settled = true));
  await Promise.resolve();
  expect(settled).toBe(false);
  answer();
  await Promise.all([held, waiting]);
  expect(written.map(([partition, offset]) => [partition, offset])).toEqual([
    [1, '8'],
    [0, '2'],
    [0, '3'],
  ]);
});

test('a commit that fails is weather and can be tried again', async () => {
  const { deliveries, written, write, failures } = open();
  deliveries.push(1, 0, records(1), write);
  const batch = deliveries.take(1e6);
  failures.push(new Error('gone'));
  await expect(batch?.commit(one)).rejects.toMatchObject({ name: 'WeatherError', retriable: true });
  expect(deliveries.totals()).toEqual({ stored: 0, dead: 0 });
  await batch?.commit(one);
  expect(written).toHaveLength(1);
});

test('while the group is being joined a commit waits, and is not written', async () => {
  const { deliveries, written, write } = open();
  deliveries.push(1, 0, records(1), write);
  const batch = deliveries.take(1e6);
  deliveries.hold();
  await expect(batch?.commit(one)).rejects.toMatchObject({ code: 'kafka_rebalancing', retriable: true });
  deliveries.join([0]);
  await expect(batch?.commit(one)).rejects.toMatchObject({ code: 'kafka_stale', retriable: false });
  expect(written).toEqual([]);
});

test('after a rewind everything that is not committed comes again, in its order, and the old batches are void', async () => {
  const { deliveries, write } = open();
  deliveries.push(1, 0, records(1, 2, 3), write);
  const committed = deliveries.take(RECORD_BYTES);
  const held = deliveries.take(RECORD_BYTES);
  await committed?.commit(one);
  deliveries.rewind();
  await expect(held?.commit(one)).rejects.toMatchObject({ retriable: false });
  expect(deliveries.take(1e6)?.items.map(({ position }) => position)).toEqual(['t:0:2', 't:0:3']);
  expect(deliveries.oldest()).toBe(1002);
});

test('the queue is bounded by bytes', () => {
  const { deliveries, write } = open();
  const value = Buffer.alloc(QUEUE_BYTES_MAX - 1);
  deliveries.push(1, 0, [{ ...record(1), value }], write);
  expect(deliveries.hasRoom).toBe(true);
  deliveries.push(1, 0, [{ ...record(2), value: Buffer.alloc(1) }], write);
  expect(deliveries.hasRoom).toBe(false);
  deliveries.take(1);
  expect(deliveries.hasRoom).toBe(true);
});

test('metadata that carries no totals is known as such', () => {
  expect(decodeTotals(encodeTotals({ stored: 3, dead: 1 }))).toEqual({ stored: 3, dead: 1 });
  for (const other of [null, undefined, '', 'x', '{}', '{"stored":-1,"dead":0}', '[]'])
    expect(decodeTotals(other)).toBeUndefined();
});
