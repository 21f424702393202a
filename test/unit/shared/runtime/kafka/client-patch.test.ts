// The timer of kafkajs that is stopped: on the real request queue, and never on another version.
import { createRequire } from 'node:module';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  patchKafkajs,
  patchRequestQueue,
  PATCHED_VERSION,
  type RequestQueue,
} from '../../../../../shared/runtime/kafka/client-patch.js';

interface RealQueue extends RequestQueue {
  push(request: { entry: { correlationId: number }; expectResponse: boolean; sendRequest(): void }): void;
  fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void;
  maybeThrottle(ms: number): void;
}
const load = createRequire(import.meta.url);
const RealQueue = load('kafkajs/src/network/requestQueue') as new (options: object) => RealQueue;

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

test('another version, or another shape, is left as it is', () => {
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
