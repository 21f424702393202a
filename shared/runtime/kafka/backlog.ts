// How much of the topic waits, in bytes and since when. Kafka counts records: the bytes are as many times the mean of those read
// so far. In: what was read and how many records are behind. Out: the figures of a stream's backlog.
import type { Clock } from '../clock.js';

/** A block of the collector's, as long as none was seen, bytes. */
const BLOCK_BYTES_GUESS = 64 * 1024;

export class Backlog {
  readonly #clock: Clock;
  readonly #seen = { records: 0, bytes: 0 };
  #since: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  saw(messages: readonly { readonly value: Buffer | null }[]): void {
    this.#seen.records += messages.length;
    for (const { value } of messages) this.#seen.bytes += value?.length ?? 0;
  }

  /** `oldest` is when the oldest waiting record was appended, if that is known. */
  measure(records: number, oldest: number | undefined): { bytes: number; ageMs: number } {
    const now = this.#clock.now();
    if (records === 0) this.#since = undefined;
    else this.#since ??= now;
    const since = records === 0 ? undefined : (oldest ?? this.#since);
    const mean = this.#seen.records === 0 ? BLOCK_BYTES_GUESS : this.#seen.bytes / this.#seen.records;
    return { bytes: Math.round(records * mean), ageMs: since === undefined ? 0 : Math.max(0, now - since) };
  }
}
