// Sends batches to the collector's public door, a bounded number at a time. What can be tried again is tried again, after the
// time the collector asks for; anything else ends the run with its reason.
import { z } from 'zod';
import type { DropReason } from '../../shared/contract/drop-reasons.js';
import { WeatherError } from '../../shared/runtime/errors.js';
import { backoffMs, sleep } from '../../shared/runtime/retry.js';

/** Attempts per batch before the run ends. */
export const ATTEMPTS_MAX = 12;
const BACKOFF = { minMs: 200, maxMs: 10_000 };
/** The longest pause that a `Retry-After` can ask for, ms. */
export const RETRY_AFTER_MS_MAX = 60_000;
const REQUEST_TIMEOUT_MS = 30_000;

export interface Tally {
  requests: number;
  retries: number;
  accepted: number;
  readonly dropped: Map<DropReason, number>;
}

export interface SendOptions {
  /** Address of the collector. */
  readonly collector: string;
  readonly serverKey: string;
  readonly concurrency: number;
  onProgress(done: number, total: number): void;
  /** Replaced in tests. */
  readonly fetch?: typeof fetch;
  readonly pause?: (ms: number) => Promise<void>;
}

const answerSchema = z.object({
  accepted: z.number().int(),
  dropped: z.array(z.object({ reason: z.string() })),
});

/** Sends every batch; rejects with a WeatherError when one cannot be delivered. Adds to `tally` as answers come. */
export async function sendBatches<T>(
  items: readonly T[],
  batchOf: (item: T) => Record<string, unknown>,
  options: SendOptions,
  tally: Tally,
): Promise<void> {
  let at = 0;
  let done = 0;
  const lane = async (): Promise<void> => {
    for (;;) {
      const index = at;
      if (index >= items.length) return;
      at += 1;
      try {
        await sendOne(batchOf(items[index] as T), options, tally);
      } catch (error) {
        at = items.length;
        throw error;
      }
      done += 1;
      options.onProgress(done, items.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, items.length) }, lane));
}

async function sendOne(batch: Record<string, unknown>, options: SendOptions, tally: Tally): Promise<void> {
  const pause = options.pause ?? sleep;
  for (let attempt = 1; ; attempt += 1) {
    const result = await post(batch, options);
    tally.requests += 1;
    if ('answer' in result) {
      tally.accepted += result.answer.accepted;
      for (const { reason } of result.answer.dropped)
        tally.dropped.set(reason as DropReason, (tally.dropped.get(reason as DropReason) ?? 0) + 1);
      return;
    }
    if (!result.retriable || attempt >= ATTEMPTS_MAX)
      throw new WeatherError('not_delivered', `The collector did not take a batch: ${result.why}`, {
        retriable: false,
      });
    tally.retries += 1;
    await pause(result.afterMs ?? backoffMs(attempt, BACKOFF));
  }
}

type Result =
  | { readonly answer: z.infer<typeof answerSchema> }
  | { readonly retriable: boolean; readonly why: string; readonly afterMs?: number | undefined };

/** One attempt. `sentAt` is that of the attempt. */
async function post(batch: Record<string, unknown>, options: SendOptions): Promise<Result> {
  let response: Response;
  let text: string;
  try {
    response = await (options.fetch ?? fetch)(`${options.collector}/v1/events`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${options.serverKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ sentAt: Date.now(), ...batch }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    text = await response.text();
  } catch (error) {
    return { retriable: true, why: error instanceof Error ? error.message : String(error) };
  }
  if (response.status === 202) return { answer: answerSchema.parse(JSON.parse(text)) };
  const retriable = response.status === 408 || response.status === 429 || response.status >= 500;
  const why = `${response.status} ${text.slice(0, 300)}`;
  return { retriable, why, afterMs: retryAfterMs(response.headers.get('Retry-After'), Date.now()) };
}

/** Pause that a `Retry-After` header asks for, in seconds or as a date; undefined when it says nothing usable. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(RETRY_AFTER_MS_MAX, Math.max(0, ms)) : undefined;
}
