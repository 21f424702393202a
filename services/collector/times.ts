// When things happened, by a client's clock that may be wrong. Pure; all times in ms since the epoch.
// A plausible time is kept as it was sent: correcting each batch would give each retry another time, and so another outcome.
import {
  BACKFILL_BACK_MS_MAX,
  GENERATED_AHEAD_MS_MAX,
  GENERATED_BACK_MS_MAX,
  OCCURRED_AHEAD_MS_MAX,
  OCCURRED_BACK_MS_MAX,
  SKEW_TOLERATED_MS,
} from '../../shared/contract/limits.js';

/** How far the client's clock is behind ours, ms; 0 when that is within what is tolerated or cannot be known. */
export function skewMs(sentAt: unknown, receivedAt: number): number {
  if (typeof sentAt !== 'number' || !Number.isFinite(sentAt)) return 0;
  const skew = receivedAt - sentAt;
  return Math.abs(skew) > SKEW_TOLERATED_MS ? skew : 0;
}

export interface Receipt {
  readonly receivedAt: number;
  readonly skewMs: number;
  readonly backfill: boolean;
}

/** When the person acted. `suspect`: the client's clock was impossible and its time was shifted or replaced. */
export function occurredAt(
  t: number,
  { receivedAt, skewMs: skew, backfill }: Receipt,
): { at: number; suspect: boolean } {
  const at = t + skew;
  const back = backfill ? BACKFILL_BACK_MS_MAX : OCCURRED_BACK_MS_MAX;
  if (at > receivedAt + OCCURRED_AHEAD_MS_MAX || at < receivedAt - back) return { at: receivedAt, suspect: true };
  return { at, suspect: skew !== 0 };
}

/**
 * Whether a generation's time can be taken. It is never shifted, since it is part of the generation's key. Of a clock that is
 * ahead the skew is taken off first. That of a clock that is behind is not added: the time may be a backend's, which is right.
 */
export function judgeGeneratedAt(
  generatedAt: number,
  { receivedAt, skewMs: skew, backfill }: Receipt,
): 'too_old' | 'too_new' | undefined {
  if (generatedAt < receivedAt - (backfill ? BACKFILL_BACK_MS_MAX : GENERATED_BACK_MS_MAX)) return 'too_old';
  if (generatedAt + Math.min(skew, 0) > receivedAt + GENERATED_AHEAD_MS_MAX) return 'too_new';
  return undefined;
}
