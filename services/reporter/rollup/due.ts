// The due-rule: which days must be computed again, and why. Pure: in come facts about days, all times by ClickHouse's clock in ms;
// out come the days in the order in which they are to be computed. Must never look at swapped rows: the ledger is the truth.

/** Rows become visible to a roll-up some seconds after their `ingested_at`, an insert may take two minutes: so far back a run looks again. */
export const INGEST_MARGIN_MS = 5 * 60_000;
/** While outcomes change by time alone, a day is computed again after this long. */
export const SETTLING_INTERVAL_MS = 60 * 60_000;
/** A day rests this many times as long as its last run took. */
export const REST_FACTOR = 10;

/**
 * Why a day is due: no finished run, events came since, settings or the outcome rule changed, outcomes settle by time, or events
 * came so shortly before its last run that it may not have seen them all.
 */
export type DueReason = 'new' | 'ingested' | 'rules' | 'settling' | 'again';

export interface LastRun {
  /** Instant at which its outcomes were judged. */
  readonly asOf: number;
  /** When its row was written, after its last swap. */
  readonly at: number;
  readonly durationMs: number;
}

export interface DayFacts {
  /** UTC day, YYYY-MM-DD. */
  readonly day: string;
  /** Newest `ingested_at` of any event of that day. */
  readonly lastIngestedAt: number;
  /** End of the day, or its newest `shown` if that is later, plus W + L: from then on nothing changes by time. */
  readonly settledAt: number;
  /** Newest change of the settings of a project that has events on that day. */
  readonly settingsAt: number;
  /** False for days whose states may have expired: they are never computed again. */
  readonly recomputable: boolean;
  readonly lastRun?: LastRun;
}

/** A run of this process that ended without a row in the ledger. */
export interface Attempt {
  readonly at: number;
  readonly durationMs: number;
}

export interface DueInput {
  readonly now: number;
  /** UTC day of `now`. */
  readonly today: string;
  /** When the view that decides outcomes was made, or a table that holds figures of days, whichever is newer. */
  readonly outcomeRuleAt: number;
  readonly days: readonly DayFacts[];
  /** Day -> its last attempt that failed. */
  readonly failed: ReadonlyMap<string, Attempt>;
}

export interface DueDay {
  readonly day: string;
  readonly reason: DueReason;
}

/**
 * Days to compute now: today first, then the newest; after all of them the second looks, the one that waits longest first.
 * (By age a second look at the newest days would come round again before the oldest days had their first.)
 */
export function dueDays(input: DueInput): DueDay[] {
  const due: (DueDay & { readonly order: readonly [number, number] })[] = [];
  for (const facts of input.days) {
    if (!facts.recomputable || isResting(facts, input)) continue;
    const reason = dueReason(facts, input);
    if (reason === undefined) continue;
    const newestFirst = -Date.parse(facts.day);
    const order: readonly [number, number] =
      facts.day === input.today ? [0, 0] : reason === 'again' ? [2, facts.lastRun?.asOf ?? 0] : [1, newestFirst];
    due.push({ day: facts.day, reason, order });
  }
  due.sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1]);
  return due.map(({ day, reason }) => ({ day, reason }));
}

function dueReason(facts: DayFacts, { now, outcomeRuleAt }: DueInput): DueReason | undefined {
  const { lastRun } = facts;
  // a run that was judged in the future happened under a clock that has since been set back
  if (lastRun === undefined || lastRun.asOf > now) return 'new';
  if (facts.lastIngestedAt >= lastRun.asOf) return 'ingested';
  if (facts.settingsAt > lastRun.asOf || outcomeRuleAt > lastRun.asOf) return 'rules';
  const settlesNext = Math.min(lastRun.asOf + SETTLING_INTERVAL_MS, facts.settledAt);
  if (lastRun.asOf < facts.settledAt && now >= settlesNext) return 'settling';
  return facts.lastIngestedAt >= lastRun.asOf - INGEST_MARGIN_MS ? 'again' : undefined;
}

function isResting({ day, lastRun }: DayFacts, { now, failed }: DueInput): boolean {
  const rests = (run: Attempt | undefined) =>
    run !== undefined && run.at <= now && now < run.at + REST_FACTOR * run.durationMs;
  return rests(lastRun) || rests(failed.get(day));
}
