// The due-rule of windows: which of them must be computed again. Pure: in come facts, all times by ClickHouse's clock in ms;
// out come the windows in the order in which they are to be computed.
import { REST_FACTOR, type Attempt, type LastRun } from './due.js';

/** Lengths of the windows that are kept, UTC days; today is the last one. The short ones first: they change most. */
export const WINDOWS_DAYS = [7, 28, 90] as const;
export type WindowDays = (typeof WINDOWS_DAYS)[number];

export interface WindowFacts {
  readonly windowDays: WindowDays;
  /** When the ledger of any of its days was last written, 0 when none of them was ever rolled up. */
  readonly daysRolledUpAt: number;
  /** Absent before the first finished run. `toDay`: the day after its last one, YYYY-MM-DD. */
  readonly lastRun?: LastRun & { readonly toDay: string };
}

export interface DueWindowsInput {
  readonly now: number;
  /** UTC day after that of `now`. */
  readonly tomorrow: string;
  /** When the view that the figures come from was made. */
  readonly levelRuleAt: number;
  readonly windows: readonly WindowFacts[];
  /** Window -> its last attempt of this process that did not finish. */
  readonly unfinished: ReadonlyMap<WindowDays, Attempt>;
}

/** Windows to compute now. Like a day, a window rests ten times as long as its last run took. */
export function dueWindows(input: DueWindowsInput): WindowDays[] {
  return input.windows
    .filter((facts) => isDue(facts, input) && !isResting(facts, input))
    .map(({ windowDays }) => windowDays)
    .sort((a, b) => a - b);
}

function isDue({ lastRun, daysRolledUpAt }: WindowFacts, { now, tomorrow, levelRuleAt }: DueWindowsInput): boolean {
  // a run that began in the future happened under a clock that has since been set back
  if (lastRun === undefined || lastRun.asOf > now) return true;
  return lastRun.toDay !== tomorrow || daysRolledUpAt >= lastRun.asOf || levelRuleAt > lastRun.asOf;
}

function isResting({ windowDays, lastRun }: WindowFacts, { now, unfinished }: DueWindowsInput): boolean {
  const rests = (run: Attempt | undefined) =>
    run !== undefined && run.at <= now && now < run.at + REST_FACTOR * run.durationMs;
  return rests(lastRun) || rests(unfinished.get(windowDays));
}
