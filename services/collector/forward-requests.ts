// Sends one request after the other until Kafka has it. In: blocks. Out: whether Kafka has them or refuses them for what they are.
// Must never give up by itself: only a refusal or the stop ends it.
import { WeatherError } from '../../shared/runtime/errors.js';
import type { Logger } from '../../shared/runtime/log.js';
import { backoffMs, sleep } from '../../shared/runtime/retry.js';
import type { Block } from '../../shared/runtime/stream.js';

export const BACKOFF = { minMs: 100, maxMs: 5_000 };
/** The same trouble is said again after so long, ms. */
const SAY_AGAIN_MS = 60_000;

export interface ForwardCounts {
  blocks: number;
  bytes: number;
  rows: number;
  requests: number;
  retries: number;
  splits: number;
  /** Rows and unreadable blocks that went as dead letters. */
  dead: number;
}

export function newCounts(): ForwardCounts {
  return { blocks: 0, bytes: 0, rows: 0, requests: 0, retries: 0, splits: 0, dead: 0 };
}

export interface RequestSenderOptions {
  readonly producer: { send(blocks: readonly Block[]): Promise<void> };
  readonly counts: ForwardCounts;
  readonly log: Logger;
  readonly stop: AbortSignal;
}

export class RequestSender {
  /** Whether Kafka has the topic, as far as is known. */
  topicSeen = false;
  readonly #options: RequestSenderOptions;
  #saidAt = -Infinity;
  /** Codes said since then: another one is another trouble. */
  readonly #said = new Set<string>();

  constructor(options: RequestSenderOptions) {
    this.#options = options;
  }

  async deliver(blocks: readonly Block[]): Promise<'sent' | 'refused' | 'stopped'> {
    const { producer, counts, stop } = this.#options;
    for (let attempt = 1; !stop.aborted; attempt += 1) {
      try {
        counts.requests += 1;
        await producer.send(blocks);
      } catch (error) {
        if (error instanceof WeatherError && !error.retriable) return 'refused';
        counts.retries += 1;
        await this.pause(attempt, error);
        continue;
      }
      this.took();
      counts.blocks += blocks.length;
      for (const { body, rows } of blocks) {
        counts.bytes += body.length;
        counts.rows += rows;
      }
      return 'sent';
    }
    return 'stopped';
  }

  /** Waits before the next attempt, longer each time. Rejects with what is no weather. */
  async pause(attempt: number, error: unknown): Promise<void> {
    if (!(error instanceof WeatherError)) throw error;
    this.say(error);
    await sleep(backoffMs(attempt, BACKOFF), this.#options.stop);
  }

  /** Kafka answered as it should: the next trouble is a new one. */
  took(): void {
    this.topicSeen = true;
    if (this.#said.size === 0) return;
    this.#said.clear();
    this.#saidAt = -Infinity;
    this.#options.log.info('Kafka takes what the log has again');
  }

  /** Says why nothing goes, once for each cause in a while. */
  say(error: WeatherError): void {
    const due = performance.now() - this.#saidAt >= SAY_AGAIN_MS;
    if (!due && this.#said.has(error.code)) return;
    if (due) this.#said.clear();
    this.#said.add(error.code);
    this.#saidAt = performance.now();
    this.#options.log.warn({ code: error.code, why: error.message }, 'Kafka takes nothing now; the log keeps it');
  }
}
