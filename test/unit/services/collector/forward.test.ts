// The forwarder between a log in memory and a Kafka that refuses, fails and waits as it is told.
import { expect, test } from 'vitest';
import { Forwarder } from '../../../../services/collector/forward.js';
import { REQUEST_BYTES_MAX, requestsOf, splitBlock } from '../../../../services/collector/forward-pieces.js';
import { RECORD_OVERHEAD_BYTES } from '../../../../shared/runtime/kafka/record.js';
import { systemClock } from '../../../../shared/runtime/clock.js';
import { WeatherError } from '../../../../shared/runtime/errors.js';
import { createLogger } from '../../../../shared/runtime/log.js';
import type { Block, UnreadableBlock } from '../../../../shared/runtime/stream.js';
import { eventually } from '../../../support/eventually.js';
import { block, FakeStream } from '../sink/fakes.js';

/** Takes what `answers` does not refuse or fail. */
class FakeKafka {
  readonly sent: Block[] = [];
  answers: (blocks: readonly Block[]) => 'refused' | 'away' | undefined = () => undefined;
  hasTopic = true;

  async send(blocks: readonly Block[]): Promise<void> {
    const answer = this.answers(blocks);
    if (answer !== undefined) throw new WeatherError(answer, answer, { retriable: answer === 'away' });
    this.sent.push(...blocks);
  }

  async check(): Promise<void> {
    if (!this.hasTopic) throw new WeatherError('no_topic', 'there is no topic', { retriable: true });
  }

  lines(table: string): string[] {
    return this.sent
      .filter((sent) => sent.table === table)
      .flatMap(({ body }) => body.toString().split('\n').slice(0, -1));
  }
}

function run(stream: FakeStream, kafka = new FakeKafka()) {
  const kept: { position: string; at: number; text: string }[] = [];
  const keep = async (position: string, at: number, bytes: Buffer) => {
    kept.push({ position, at, text: bytes.toString() });
    return true;
  };
  const forwarder = new Forwarder({
    reader: stream,
    producer: kafka,
    keep,
    log: createLogger('test', 'silent'),
    clock: systemClock,
  });
  const ended = forwarder.run();
  const drained = async () => {
    await eventually(
      async () => stream.waitingBatches,
      (waiting) => waiting === 0,
    );
    await forwarder.stop(1_000);
    await ended;
  };
  return { forwarder, kafka, kept, drained };
}

test('the cursor moves after the acknowledgement, and counts the rows of events', async () => {
  const stream = new FakeStream();
  stream.push(block(['a', 'b']), block(['d'], { table: 'drops' }));
  stream.push(block(['c']));
  const { kafka, drained } = run(stream);
  await drained();
  expect(kafka.lines('events')).toEqual(['a', 'b', 'c']);
  expect(kafka.lines('drops')).toEqual(['d']);
  expect(stream.commits).toEqual([
    { stored: 2, dead: 0 },
    { stored: 1, dead: 0 },
  ]);
});

test('while Kafka is away nothing is committed, and everything goes when it is back', async () => {
  const stream = new FakeStream();
  stream.push(block(['a']));
  const kafka = new FakeKafka();
  kafka.answers = () => 'away';
  const { forwarder, drained } = run(stream, kafka);
  await eventually(
    async () => forwarder.counts.retries,
    (retries) => retries >= 2,
  );
  expect(stream.commits).toEqual([]);
  kafka.answers = () => undefined;
  await drained();
  expect(kafka.lines('events')).toEqual(['a']);
});

test('of a block that Kafka refuses all rows go but those to blame, which are dead letters without their bytes', async () => {
  const stream = new FakeStream();
  const poison = '{"project_id":"shop","bad":1}';
  const first = block(['a', poison, 'b', 'c']);
  stream.push(first, block(['d']));
  const kafka = new FakeKafka();
  kafka.answers = (blocks) =>
    blocks.some(({ body, table }) => table === 'events' && body.includes('bad')) ? 'refused' : undefined;
  const { forwarder, kept, drained } = run(stream, kafka);
  await drained();
  expect(kafka.lines('events').sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(kept).toEqual([{ position: first.position, at: 2, text: `${poison}\n` }]);
  const [letter] = kafka.lines('dead_letters').map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(letter).toMatchObject({
    project_id: 'shop',
    position: `${first.position}:2`,
    target: 'events',
    reason: 'too_large',
    row: '',
  });
  expect(stream.commits).toEqual([{ stored: 4, dead: 1 }]);
  expect(forwarder.counts).toMatchObject({ dead: 1 });
});

test('a dead letter that Kafka refuses too holds nothing up', async () => {
  const stream = new FakeStream();
  stream.push(block(['bad']));
  stream.push(block(['a']));
  const kafka = new FakeKafka();
  kafka.answers = (blocks) => (blocks.some(({ body }) => !body.equals(Buffer.from('a\n'))) ? 'refused' : undefined);
  const { kept, drained } = run(stream, kafka);
  await drained();
  expect(kafka.lines('events')).toEqual(['a']);
  expect(kept).toHaveLength(1);
});

test('what cannot be read in the log goes on as a dead letter of its whole block', async () => {
  const stream = new FakeStream();
  const unreadable: UnreadableBlock = {
    position: 'log:1-1:9',
    reason: 'bad_crc',
    detail: 'x',
    bytes: Buffer.from('?'),
  };
  stream.push(block(['a']), unreadable, block(['b']));
  const { kafka, drained } = run(stream);
  await drained();
  expect(kafka.lines('events')).toEqual(['a', 'b']);
  const [letter] = kafka.lines('dead_letters').map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(letter).toMatchObject({ position: 'log:1-1:9:0', target: 'events', reason: 'bad_crc', row: '' });
  expect(stream.commits).toEqual([{ stored: 2, dead: 1 }]);
});

test('a collector is refused until its topic is seen', async () => {
  const kafka = new FakeKafka();
  kafka.hasTopic = false;
  const { forwarder, drained } = run(new FakeStream(), kafka);
  await eventually(
    async () => forwarder.refusal()?.code,
    (code) => code === 'no_topic',
  );
  kafka.hasTopic = true;
  await eventually(
    async () => forwarder.refusal(),
    (refusal) => refusal === undefined,
  );
  await drained();
});

test('a stop while Kafka is away ends in time and leaves the cursor where it is', async () => {
  const stream = new FakeStream();
  stream.push(block(['a']));
  const kafka = new FakeKafka();
  kafka.answers = () => 'away';
  const { forwarder } = run(stream, kafka);
  const began = performance.now();
  await forwarder.stop(100);
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(stream.commits).toEqual([]);
});

test('a request holds as many blocks as fit, and a larger one alone', () => {
  const sized = (bytes: number) => block(['x'.repeat(bytes - 1)]);
  const half = REQUEST_BYTES_MAX / 2 - RECORD_OVERHEAD_BYTES;
  const counts = (...sizes: number[]) => requestsOf(sizes.map(sized)).map((one) => ('reason' in one ? -1 : one.length));
  expect(counts(half, half)).toEqual([2]);
  expect(counts(half, half + 1)).toEqual([1, 1]);
  expect(counts(10, 2 * REQUEST_BYTES_MAX, 10)).toEqual([1, 1, 1]);
});

test('a block is cut between lines, and one line is not cut', () => {
  const whole = block(['a', 'bb', 'ccc']);
  const halves = splitBlock({ block: whole, line: 5, at: 100 });
  expect(halves?.map(({ block: { body, rows }, line, at }) => [body.toString(), rows, line, at])).toEqual([
    ['a\n', 1, 5, 100],
    ['bb\nccc\n', 2, 6, 102],
  ]);
  expect(splitBlock({ block: block(['a']), line: 1, at: 0 })).toBeUndefined();
});
