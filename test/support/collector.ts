// A collector of a test's own: the real app on a real port, over a stream and with a clock that the test chooses.
// In: projects, stream, clock. Out: its address and ways to talk to it. Must leave nothing listening after close().
import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { createApp } from '../../services/collector/app.js';
import { Appender } from '../../services/collector/appender.js';
import type { Assets } from '../../services/collector/assets.js';
import { KeyRing } from '../../services/collector/keys.js';
import { MemoryBudget } from '../../services/collector/memory-budget.js';
import { CollectorMetrics } from '../../services/collector/metrics.js';
import { RateLimits } from '../../services/collector/rate-limit.js';
import { BODY_TIMES, type BodyTimes } from '../../services/collector/read-body.js';
import { createCollectorServer } from '../../services/collector/server.js';
import type { BatchAnswer } from '../../shared/contract/batch.js';
import { systemClock, type Clock } from '../../shared/runtime/clock.js';
import { closeServer, listen } from '../../shared/runtime/listen.js';
import { parseProjects, type ResolvedProject } from '../../shared/runtime/projects-file.js';
import type { StreamWriter } from '../../shared/runtime/stream.js';
import { MemoryStreamWriter } from './memory-stream.js';

export const WRITE_KEY = 'pk_test_0123456789';
export const SERVER_KEY = 'sk_test_0123456789';
export const READ_TOKEN = 'rt_test_0123456789';
export const SIGNING_SECRET = 'signing-secret-of-the-tests';
export const ORIGIN = 'https://app.example.com';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** One project with a key of each kind; `changes` are merged into it. */
export function testProjects(changes: object = {}): readonly ResolvedProject[] {
  const project = {
    id: 'test',
    hashKey: { value: 'hash-key-of-the-tests' },
    writeKeys: [{ key: WRITE_KEY, origins: [ORIGIN], allowNoOrigin: true, eventsPerSecond: 1e6, burst: 1e7 }],
    serverKeys: [{ sha256: sha256(SERVER_KEY) }],
    readTokens: [{ sha256: sha256(READ_TOKEN) }],
    signingSecrets: [{ value: SIGNING_SECRET }],
    ...changes,
  };
  return parseProjects(JSON.stringify({ version: 1, projects: [project] }), {});
}

export interface TestCollectorOptions {
  readonly projects?: readonly ResolvedProject[];
  readonly writer?: StreamWriter;
  readonly clock?: Clock;
  readonly bodyTimes?: BodyTimes;
  readonly heldBytesMax?: number;
  readonly assets?: Assets;
}

export interface TestCollector {
  readonly url: string;
  readonly port: number;
  /** The stream, when the test brought none. */
  readonly memory: MemoryStreamWriter;
  readonly budget: MemoryBudget;
  readonly logged: string[];
  /** Posts JSON, or a text as it is. */
  post(body: unknown, headers?: Record<string, string>, query?: string): Promise<Response>;
  /** Posts a batch that is expected to be taken. */
  send(batch: unknown, headers?: Record<string, string>): Promise<BatchAnswer>;
  stopAccepting(): void;
  close(): Promise<void>;
}

export async function startTestCollector(options: TestCollectorOptions = {}): Promise<TestCollector> {
  const clock = options.clock ?? systemClock;
  const memory = new MemoryStreamWriter();
  const writer = options.writer ?? memory;
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const keys = new KeyRing(options.projects ?? testProjects(), new RateLimits(() => clock.monotonic()));
  const appender = new Appender(writer, log);
  const budget = new MemoryBudget(options.heldBytesMax ?? 64 * 1024 * 1024);
  let accepting = true;
  const app = createApp({
    keys: () => keys,
    appender,
    writer,
    budget,
    metrics: new CollectorMetrics({
      appended: appender.counts,
      heldBytes: () => budget.heldBytes,
      logBytes: () => ({ waiting: 1, max: 2, free: 3 }),
    }),
    clock,
    bodyTimes: options.bodyTimes ?? BODY_TIMES,
    log,
    assets: options.assets ?? new Map(),
    forwardRefusal: () => undefined,
    accepting: () => accepting,
  });
  const server = createCollectorServer(app, () => accepting);
  const port = await listen(server, '127.0.0.1', 0);
  const url = `http://127.0.0.1:${port}`;

  const post = async (body: unknown, headers: Record<string, string> = {}, query = ''): Promise<Response> =>
    await fetch(`${url}/v1/events${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${WRITE_KEY}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: bodyOf(body) }),
    });
  return {
    url,
    port,
    memory,
    budget,
    logged,
    post,
    async send(batch, headers) {
      const response = await post(batch, headers);
      const text = await response.text();
      if (response.status !== 202) throw new Error(`refused with ${response.status}: ${text}`);
      return JSON.parse(text) as BatchAnswer;
    },
    stopAccepting: () => void (accepting = false),
    close: async () => await closeServer(server, 1000),
  };
}

function bodyOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}

let sequence = 0;

/** A new id of an event, a UUIDv7 without meaning in its time. */
export function eventId(): string {
  sequence += 1;
  return `0193a5b0-0000-7000-8000-${sequence.toString(16).padStart(12, '0')}`;
}

/** A copy that is taken when its generation is known; `changes` are merged into it. */
export function copyEvent(changes: object = {}): Record<string, unknown> {
  return { id: eventId(), type: 'copy', g: 'g1', t: Date.now(), chars: 10, of: 100, method: 'keyboard', ...changes };
}

/** A batch around `events` with the generation `g1`; `changes` are merged into it. */
export function batchOf(events: readonly unknown[], changes: object = {}): Record<string, unknown> {
  return { generations: { g1: { promptId: 'summarise', generatedAt: Date.now() - 1000 } }, events, ...changes };
}
