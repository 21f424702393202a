// Hands the disk log over to Kafka. In: the log from its cursor on. Out: records that Kafka acknowledged, then the cursor.
// The log keeps its order and live rows go to its tail: a long outage is caught up beside them, nothing overtakes. Totals of a
// forwarded log: `stored` are rows of `events` that went to Kafka as they were, `dead` those that went as dead letters.
// Must never move the cursor before the acknowledgement, and never let one bad block hold up what stands behind it.
import type { Clock } from '../../shared/runtime/clock.js';
import { WeatherError } from '../../shared/runtime/errors.js';
import type { Logger } from '../../shared/runtime/log.js';
import { backoffMs, sleep } from '../../shared/runtime/retry.js';
import type { Block, StreamBatch, StreamReader } from '../../shared/runtime/stream.js';
import { letterBlock, letterOf, requestsOf, splitBlock, type Piece, type Request } from './forward-pieces.js';
import { BACKOFF, newCounts, RequestSender } from './forward-requests.js';

/** Read from the log at once; its requests go side by side, then the cursor moves. */
const READ_BYTES_MAX = 2 * 1024 * 1024;
const READ_WAIT_MS = 1_000;
/** How long a stop waits for requests that it cannot call back, ms. */
const LAST_REQUEST_MS = 500;

export interface ForwarderOptions {
  readonly reader: StreamReader;
  readonly producer: { send(blocks: readonly Block[]): Promise<void>; check(): Promise<void> };
  /** Keeps bytes that Kafka refused, which stand at `at` in the block of this position; answers whether there was room. */
  readonly keep: (position: string, at: number, bytes: Buffer) => Promise<boolean>;
  readonly log: Logger;
  readonly clock: Clock;
}

export class Forwarder {
  readonly counts = newCounts();
  readonly #options: ForwarderOptions;
  readonly #stop = new AbortController();
  readonly #sender: RequestSender;
  #draining = false;
  #topicProblem = { code: 'kafka_unchecked', message: 'the topic has not been found yet' };
  #ended: Promise<void> | undefined;

  constructor(options: ForwarderOptions) {
    this.#options = options;
    this.#sender = new RequestSender({ ...options, counts: this.counts, stop: this.#stop.signal });
    // A log that was forwarded before has seen its topic: a restart during an outage takes work as before.
    const { stored, dead } = options.reader.totals();
    this.#sender.topicSeen = stored + dead > 0;
  }

  /** Runs until the stop; rejects only when an invariant is broken. */
  async run(): Promise<void> {
    this.#ended ??= Promise.all([this.#findTopic(), this.#forward()]).then(() => undefined);
    await this.#ended;
  }

  /** Why this collector should get no requests yet, or undefined. */
  refusal(): { code: string; message: string } | undefined {
    return this.#sender.topicSeen ? undefined : this.#topicProblem;
  }

  /** Goes on until the log is empty, for at most so long, then ends. What is left is forwarded after the next start. */
  async stop(drainMs: number): Promise<void> {
    this.#draining = true;
    await Promise.race([this.#ended?.catch(() => undefined), sleep(drainMs)]);
    this.#stop.abort();
    // A request that Kafka does not answer cannot be called back; whatever comes of it, the cursor stays.
    await Promise.race([this.#ended?.catch(() => undefined), sleep(LAST_REQUEST_MS)]);
  }

  async #findTopic(): Promise<void> {
    for (let attempt = 1; !this.#sender.topicSeen && !this.#isOver(); attempt += 1) {
      try {
        await this.#options.producer.check();
        this.#sender.took();
      } catch (error) {
        if (!(error instanceof WeatherError)) throw error;
        this.#topicProblem = { code: error.code, message: error.message };
        this.#sender.say(error);
        await sleep(backoffMs(attempt, BACKOFF), this.#stop.signal);
      }
    }
  }

  async #forward(): Promise<void> {
    let ahead: Promise<StreamBatch | undefined> | undefined;
    while (!this.#isOver()) {
      const batch = await (ahead ?? this.#read());
      ahead = undefined;
      if (batch === undefined) {
        if (this.#draining) return;
        continue;
      }
      // The next one is read while this one is sent.
      ahead = this.#read();
      ahead.catch(() => undefined);
      const counts = await this.#send(batch);
      if (counts === undefined) break;
      await this.#commit(batch, counts);
    }
    await ahead?.catch(() => undefined);
  }

  async #read(): Promise<StreamBatch | undefined> {
    try {
      return await this.#options.reader.read(READ_BYTES_MAX, this.#draining ? 0 : READ_WAIT_MS);
    } catch (error) {
      await this.#sender.pause(1, error);
      return undefined;
    }
  }

  /** Undefined when the stop came first. */
  async #send({ items }: StreamBatch): Promise<{ stored: number; dead: number } | undefined> {
    const counts = { stored: 0, dead: 0 };
    const sent = await Promise.all(requestsOf(items).map(async (request) => await this.#sendRequest(request, counts)));
    return sent.every(Boolean) ? counts : undefined;
  }

  async #sendRequest(request: Request, counts: { stored: number; dead: number }): Promise<boolean> {
    if ('reason' in request) {
      const { position, reason, detail } = request;
      const letter = { position: `${position}:0`, target: 'events', projectId: '', reason, detail } as const;
      counts.dead += 1;
      this.counts.dead += 1;
      return (await this.#sender.deliver([letterBlock(letter, this.#options.clock.now())])) !== 'stopped';
    }
    const answer = await this.#sender.deliver(request);
    if (answer === 'stopped') return false;
    for (const block of request) {
      if (answer === 'refused' && !(await this.#sendPieces({ block, line: 1, at: 0 }, counts))) return false;
      if (answer === 'sent' && block.table === 'events') counts.stored += block.rows;
    }
    return true;
  }

  /** What was refused, in halves, down to the row that is to blame. False when the stop came first. */
  async #sendPieces(piece: Piece, counts: { stored: number; dead: number }): Promise<boolean> {
    const answer = await this.#sender.deliver([piece.block]);
    if (answer === 'stopped') return false;
    if (answer === 'sent') {
      if (piece.block.table === 'events') counts.stored += piece.block.rows;
      return true;
    }
    const halves = splitBlock(piece);
    if (halves === undefined) return await this.#bury(piece, counts);
    this.counts.splits += 1;
    for (const half of halves) if (!(await this.#sendPieces(half, counts))) return false;
    return true;
  }

  /** The row's bytes stay in the quarantine; what goes on is the word that it is dead. */
  async #bury(piece: Piece, counts: { stored: number; dead: number }): Promise<boolean> {
    const { keep, log, clock } = this.#options;
    const letter = letterOf(piece);
    const { position } = letter;
    const kept = await keep(piece.block.position, piece.at, piece.block.body);
    const detail = kept ? letter.detail : letter.detail.replace(/; .*/, '; not kept, the quarantine is full');
    log.error({ position, bytes: piece.block.body.length, kept }, 'Kafka refuses a row; it is a dead letter');
    if (piece.block.table === 'events') counts.dead += 1;
    this.counts.dead += 1;
    const answer = await this.#sender.deliver([letterBlock({ ...letter, detail }, clock.now())]);
    if (answer === 'refused') log.error({ position }, 'Kafka refuses a dead letter too; only the quarantine has it');
    return answer !== 'stopped';
  }

  async #commit(batch: StreamBatch, counts: { stored: number; dead: number }): Promise<void> {
    for (let attempt = 1; !this.#stop.signal.aborted; attempt += 1) {
      try {
        await batch.commit(counts);
        return;
      } catch (error) {
        await this.#sender.pause(attempt, error);
      }
    }
  }

  #isOver(): boolean {
    return this.#stop.signal.aborted;
  }
}
