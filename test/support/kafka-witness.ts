// A plain consumer of the topic, as second witness: it shares no code with the product. In: brokers and a topic.
// Out: what the records say, each checksum computed anew.
import { crc32 } from 'node:zlib';
import kafkajs from 'kafkajs';
import { eventuallyAnswered } from './eventually.js';

export interface Witness {
  readonly records: number;
  /** Records whose header `crc` is not that of the value. */
  readonly badCrc: number;
  /** Sum of the header `n` over the records of `events`. */
  readonly rows: number;
  /** Ids in the records of `events`. */
  readonly ids: ReadonlySet<string>;
  /** Records of `dead_letters`. */
  readonly letters: readonly Record<string, unknown>[];
}

function client(brokers: string) {
  return new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });
}

/** Reads the whole topic as it is now. */
export async function readWitness(brokers: string, topic: string): Promise<Witness> {
  const kafka = client(brokers);
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await eventuallyAnswered(async () => await admin.fetchTopicOffsets(topic));
  await admin.disconnect();
  const ends = new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
  const open = new Set(offsets.filter(({ low, high }) => low !== high).map(({ partition }) => partition));
  const seen = { records: 0, badCrc: 0, rows: 0, ids: new Set<string>(), letters: [] as Record<string, unknown>[] };
  if (open.size === 0) return seen;
  const consumer = kafka.consumer({ groupId: `witness-${Date.now()}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      const end = ends.get(partition) ?? 0;
      if (Number(message.offset) < end) take(message, seen);
      if (Number(message.offset) >= end - 1) open.delete(partition);
      if (open.size === 0) finish();
    },
  });
  await finished;
  await consumer.disconnect();
  return seen;
}

function take(
  message: { value: Buffer | null; headers?: kafkajs.IHeaders },
  seen: { records: number; badCrc: number; rows: number; ids: Set<string>; letters: Record<string, unknown>[] },
): void {
  const header = (name: string) => String(message.headers?.[name]);
  const value = message.value ?? Buffer.alloc(0);
  seen.records += 1;
  if (String(crc32(value)) !== header('crc')) {
    seen.badCrc += 1;
    return;
  }
  const lines = value.toString('utf8').split('\n').slice(0, -1);
  if (header('table') === 'events') {
    seen.rows += Number(header('n'));
    for (const line of lines) seen.ids.add(/"event_id":"([^"]+)"/.exec(line)?.[1] ?? '');
  }
  if (header('table') === 'dead_letters')
    seen.letters.push(...lines.map((line) => JSON.parse(line) as Record<string, unknown>));
}

/** Where the group stands: records behind the committed offsets, and the sums of the totals in the commits' metadata. */
export async function readGroup(
  brokers: string,
  topic: string,
  groupId: string,
): Promise<{ lag: number; stored: number; dead: number }> {
  const admin = client(brokers).admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    const [group] = await admin.fetchOffsets({ groupId, topics: [topic] });
    let lag = 0;
    let stored = 0;
    let dead = 0;
    for (const { partition, low, high } of offsets) {
      const position = group?.partitions.find((one) => one.partition === partition);
      lag += Number(high) - Math.max(Number(low), Number(position?.offset ?? -1));
      const totals = JSON.parse(position?.metadata ?? '{}') as { stored?: number; dead?: number };
      stored += totals.stored ?? 0;
      dead += totals.dead ?? 0;
    }
    return { lag, stored, dead };
  } finally {
    await admin.disconnect();
  }
}
