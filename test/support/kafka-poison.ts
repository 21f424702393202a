// Records that a sink can never store as they are, sent past the collector. In: brokers and a topic. Out: their positions.
import { crc32 } from 'node:zlib';
import kafkajs from 'kafkajs';

export interface Poison {
  readonly body: Buffer;
  readonly rows: number;
  /** Headers in place of the right ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends each one to partition 0, in their order. */
export async function sendPoison(brokers: string, topic: string, poisons: readonly Poison[]): Promise<string[]> {
  const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  const positions: string[] = [];
  for (const { body, rows, headers } of poisons) {
    const right = { v: '1', table: 'events', n: String(rows), crc: String(crc32(body)) };
    const message = { partition: 0, value: body, headers: { ...right, ...headers } };
    const [ack] = await producer.send({ topic, acks: -1, messages: [message] });
    positions.push(`${topic}:0:${ack?.baseOffset}`);
  }
  await producer.disconnect();
  return positions;
}
