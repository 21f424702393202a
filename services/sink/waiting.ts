// Waits out what fails outside, and says so. In: what is waited for. Out: pauses that grow, alarms by consequence, a state for /readyz.
// Must never give up by itself: only a stop ends a wait.
import type { Clock } from '../../shared/runtime/clock.js';
import type { Logger } from '../../shared/runtime/log.js';
import { WeatherError } from '../../shared/runtime/errors.js';
import { backoffMs, sleep } from '../../shared/runtime/retry.js';
import { serverCode } from './data-codes.js';
import { ALARM_AFTER_MS, WEATHER_BACKOFF } from './limits.js';

/** What the sink can be waiting for. */
export const WAIT_REASONS = ['stream', 'clickhouse', 'witness', 'dead_letters', 'commit'] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

/** The sink was asked to stop while it waited; what was not committed is read again at the next start. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

const SENTENCES: Record<WaitReason, string> = {
  stream: 'the stream cannot be read; trying again',
  clickhouse: 'ClickHouse does not take the rows; trying again, nothing is lost',
  witness: 'rows are refused and no row proves that their table is fine; waiting, nothing is lost',
  dead_letters: 'dead letters are refused; waiting, nothing is lost',
  commit: 'the position cannot be committed; trying again',
};
/** These do not pass by themselves: a person is needed at once. */
const NEEDS_A_PERSON: ReadonlySet<WaitReason> = new Set(['witness', 'dead_letters']);

interface Wait {
  readonly since: number;
  attempts: number;
  saidAt: number;
  /** Codes said since then: another one is another trouble. */
  readonly said: Set<string>;
}

export class Waiting {
  readonly #waits = new Map<WaitReason, Wait>();
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #stop: AbortSignal;

  constructor(options: { log: Logger; clock: Clock; stop: AbortSignal }) {
    this.#log = options.log;
    this.#clock = options.clock;
    this.#stop = options.stop;
  }

  /** Pauses before the next attempt, longer each time. Rejects with StoppedError when a stop is asked. */
  async pause(reason: WaitReason, error?: unknown): Promise<void> {
    this.throwIfStopped();
    const attempts = this.note(reason, error);
    await sleep(backoffMs(attempts, WEATHER_BACKOFF), this.#stop);
    this.throwIfStopped();
  }

  /** Records one more failed attempt, with an alarm when it is due. Answers how many there were since it last went well. */
  note(reason: WaitReason, error?: unknown): number {
    const now = this.#clock.monotonic();
    const wait = this.#waits.get(reason) ?? { since: now, attempts: 0, saidAt: -Infinity, said: new Set<string>() };
    this.#waits.set(reason, wait);
    wait.attempts += 1;
    const code = String(codeOf(error));
    const due = now - wait.saidAt >= ALARM_AFTER_MS;
    if (due || !wait.said.has(code)) {
      if (due) wait.said.clear();
      wait.said.add(code);
      wait.saidAt = now;
      const waitedMs = Math.round(now - wait.since);
      const level = NEEDS_A_PERSON.has(reason) || waitedMs >= ALARM_AFTER_MS ? 'error' : 'warn';
      this.#log[level]({ reason, waitedMs, ...describe(reason, error) }, SENTENCES[reason]);
    }
    return wait.attempts;
  }

  /** It went well: the next failure starts a new wait. */
  over(reason: WaitReason): void {
    const wait = this.#waits.get(reason);
    if (wait === undefined) return;
    this.#waits.delete(reason);
    const waitedMs = Math.round(this.#clock.monotonic() - wait.since);
    this.#log.info({ reason, waitedMs, attempts: wait.attempts }, 'the wait is over');
  }

  isWaitingFor(reason: WaitReason): boolean {
    return this.#waits.has(reason);
  }

  get anything(): boolean {
    return this.#waits.size > 0;
  }

  throwIfStopped(): void {
    if (this.#stop.aborted) throw new StoppedError('stopped while waiting');
  }
}

/** What our own stream says is for a person and quotes nothing; of everything else codes alone: ClickHouse may quote a row. */
function describe(reason: WaitReason, error: unknown): Record<string, unknown> {
  if (error === undefined) return {};
  const own = (reason === 'stream' || reason === 'commit') && error instanceof WeatherError;
  const name = error instanceof Error ? error.name : typeof error;
  return { error: name, code: codeOf(error), serverCode: serverCode(error), ...(own && { why: error.message }) };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
