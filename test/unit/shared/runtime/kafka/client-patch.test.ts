// What is mended in kafkajs: on its real request queue and its real connection, and never on another version.
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  patchConnection,
  patchKafkajs,
  patchRequestQueue,
  PATCHED_VERSION,
  type Connection,
  type RequestQueue,
} from '../../../../../shared/runtime/kafka/client-patch.js';

interface RealQueue extends RequestQueue {
  push(request: { entry: { correlationId: number }; expectResponse: boolean; sendRequest(): void }): void;
  fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void;
  maybeThrottle(ms: number): void;
}
const load = createRequire(import.meta.url);
const RealQueue = load('kafkajs/src/network/requestQueue') as new (options: object) => RealQueue;

interface RealConnection extends Connection {
  requestQueue: { fulfillRequest: (answer: { correlationId: number; payload: Buffer }) => void };
  disconnect(): Promise<unknown>;
}
const RealConnection = load('kafkajs/src/network/connection') as new (options: object) => RealConnection;
const socketFactory = (load('kafkajs/src/network/socketFactory') as () => unknown)();

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function newQueue(maxInFlightRequests: number | null = null): {
  queue: RealQueue;
  push: (id: number) => void;
  sent: number[];
} {
  const logger = { debug: () => undefined, warn: () => undefined };
  const queue = new RealQueue({ maxInFlightRequests, requestTimeout: 1000, clientId: 'c', broker: 'b', logger });
  const sent: number[] = [];
  const push = (correlationId: number) => {
    const entry = { correlationId, resolve: () => undefined, reject: () => undefined };
    queue.push({ entry, expectResponse: true, sendRequest: () => void sent.push(correlationId) });
  };
  return { queue, push, sent };
}

const answer = (correlationId: number) => ({ correlationId, payload: Buffer.alloc(0), size: 0 });

test('the kafkajs that is installed is the one that was read, and is mended as often as asked', () => {
  expect((load('kafkajs/package.json') as { version: string }).version).toBe(PATCHED_VERSION);
  expect([patchKafkajs(), patchKafkajs()]).toEqual([true, true]);
});

test('an answer leaves no timer behind when nothing waits', () => {
  patchKafkajs();
  const { queue, push, sent } = newQueue();
  push(1);
  queue.fulfillRequest(answer(1));
  expect(sent).toEqual([1]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a request that throttling holds back is sent when it ends, and not before', () => {
  patchKafkajs();
  const { queue, push, sent } = newQueue();
  queue.maybeThrottle(200);
  push(1);
  vi.advanceTimersByTime(199);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(2);
  expect(sent).toEqual([1]);
  expect(vi.getTimerCount()).toBe(0);
});

test('requests beyond those in flight follow the answers, each once', () => {
  patchKafkajs();
  const { queue, push, sent } = newQueue(1);
  for (const id of [1, 2, 3]) push(id);
  expect(sent).toEqual([1]);
  queue.fulfillRequest(answer(1));
  queue.fulfillRequest(answer(2));
  expect(sent).toEqual([1, 2, 3]);
});

/** An answer of Kafka's: its length, the number of what it answers, and bytes. */
function answerBytes(correlationId: number, text: string): Buffer {
  const body = Buffer.concat([Buffer.alloc(4), Buffer.from(text)]);
  body.writeInt32BE(correlationId, 0);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length, 0);
  return Buffer.concat([length, body]);
}

test('a connection that broke in the middle of an answer understands the next one when it is made anew', async () => {
  vi.useRealTimers();
  patchKafkajs();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const logger = { namespace: () => logger, debug: () => undefined, error: () => undefined };
  const options = { host: '127.0.0.1', port, logger, socketFactory, requestTimeout: 1000, connectionTimeout: 1000 };
  const connection = new RealConnection(options);
  const understood: string[] = [];
  connection.requestQueue.fulfillRequest = ({ correlationId, payload }) =>
    void understood.push(`${correlationId} ${payload.toString()}`);
  const connect = async (): Promise<Socket> => {
    const [[accepted]] = await Promise.all([once(server, 'connection') as Promise<[Socket]>, connection.connect()]);
    return accepted.on('error', () => undefined);
  };
  try {
    const first = await connect();
    first.write(answerBytes(1, 'whole'));
    first.write(answerBytes(2, 'never read to its end').subarray(0, 15));
    await vi.waitFor(() => expect(connection.bytesBuffered).toBe(15));
    first.resetAndDestroy();
    await vi.waitFor(() => expect(connection.isConnected()).toBe(false));
    const second = await connect();
    second.write(answerBytes(3, 'anew'));
    await vi.waitFor(() => expect(understood).toEqual(['1 whole', '3 anew']));
  } finally {
    await connection.disconnect();
    server.close();
  }
});

test('another version, or another shape, is left as it is', () => {
  const connect = async () => undefined;
  const connection = { connect };
  expect(patchConnection('2.2.5', connection)).toBe(false);
  expect(connection.connect).toBe(connect);
  expect(patchConnection(PATCHED_VERSION, {})).toBe(false);
  const schedule = () => undefined;
  const check = (version: string, queue: Partial<RequestQueue>) => {
    expect(patchRequestQueue(version, queue)).toBe(false);
    expect(queue.scheduleCheckPendingRequests === schedule || queue.scheduleCheckPendingRequests === undefined).toBe(
      true,
    );
  };
  check('2.2.3', { scheduleCheckPendingRequests: schedule });
  check('2.2.5', { scheduleCheckPendingRequests: schedule });
  check('3.0.0', { scheduleCheckPendingRequests: schedule });
  check(PATCHED_VERSION, {});
});
