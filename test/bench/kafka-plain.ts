// The floor of the forwarder, as a process: kafkajs as it comes sends the same values in requests of the same size, from memory, one
// at a time to each partition. No headers, no checksum of its own, no disk, no cursor; what is acknowledged is not looked at.
import { readFile } from 'node:fs/promises';
import kafkajs, { type Producer } from 'kafkajs';
import { takeOrders } from './orders.js';

export type PlainOrder =
  | {
      readonly kind: 'load';
      readonly brokers: string;
      readonly file: string;
      /** Bytes of each value, in requests. */
      readonly requests: readonly (readonly number[])[];
    }
  | { readonly kind: 'send'; readonly topic: string; readonly partitions: number };

let producer: Producer | undefined;
let requests: readonly (readonly Buffer[])[] = [];

async function load({ brokers, file, requests: sizes }: Extract<PlainOrder, { kind: 'load' }>): Promise<void> {
  const bytes = await readFile(file);
  let at = 0;
  requests = sizes.map((request) => request.map((size) => bytes.subarray(at, (at += size))));
  if (at !== bytes.length) throw new Error(`the sizes add up to ${at}, the file has ${bytes.length} bytes`);
  const client = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });
  producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
}

async function send(to: Producer, topic: string, partitions: number): Promise<void> {
  let next = 0;
  const sender = async (_: unknown, partition: number): Promise<void> => {
    for (let request = requests[next]; request !== undefined; request = requests[next]) {
      next += 1;
      await to.send({ topic, acks: -1, messages: request.map((value) => ({ partition, value })) });
    }
  };
  await Promise.all(Array.from({ length: partitions }, sender));
}

takeOrders<PlainOrder, null>(async (order) => {
  if (order.kind === 'load') await load(order);
  else if (producer === undefined) throw new Error('nothing was loaded');
  else await send(producer, order.topic, order.partitions);
  return null;
});
