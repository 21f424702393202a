// What a reader asks for: project, prompt, model, period. In: a query string; out: a filter with whole UTC days, or what is
// wrong with it in words. Figures rest on whole UTC days, so a period has no hours.
import { z } from 'zod';

const DAY_MS = 86_400_000;
/** Longest period that is answered at once, days. */
export const PERIOD_DAYS_MAX = 400;

/** Periods that the page offers: name -> days up to and including today. */
export const PERIODS = { today: 1, '7d': 7, '28d': 28, '90d': 90, '365d': 365 } as const;
export type Period = keyof typeof PERIODS;
export const DEFAULT_PERIOD: Period = '28d';

export interface Filter {
  readonly project: string;
  /** Only this prompt. */
  readonly prompt?: string;
  /** Only this model, all its versions. */
  readonly model?: string;
  /** First UTC day, YYYY-MM-DD. */
  readonly from: string;
  /** The day after the last one. */
  readonly to: string;
  /** Which of the page's periods it is; undefined for a period by dates. */
  readonly period?: Period;
}

/** A period by dates in one word: what a list of periods can offer. */
const OWN_DAYS = /^\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d$/;

const name = z.string().max(200, 'must have at most 200 characters');
const querySchema = z.object({
  project: name.optional(),
  prompt: name.optional(),
  model: name.optional(),
  period: z
    .union([z.enum(['today', '7d', '28d', '90d', '365d']), z.string().regex(OWN_DAYS)], {
      error: 'must be today, 7d, 28d, 90d, 365d, or days as YYYY-MM-DD..YYYY-MM-DD (UTC, the last not included)',
    })
    .optional(),
  from: z.iso.date({ error: 'must be a day as YYYY-MM-DD (UTC, included)' }).optional(),
  to: z.iso.date({ error: 'must be a day as YYYY-MM-DD (UTC, not included)' }).optional(),
});

export interface QueryProblem {
  readonly parameter: string;
  readonly message: string;
}

/** A parameter that is empty counts as absent; one that is given twice is a problem. Unknown ones are ignored. */
export function readFilter(
  query: Readonly<Record<string, unknown>>,
  now: number,
):
  { readonly filter: Omit<Filter, 'project'> & { readonly project?: string } } | { readonly problems: QueryProblem[] } {
  const given = withOwnDays(Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')));
  const parsed = querySchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      parameter: issue.path.join('.'),
      message: issue.message,
    }));
    return { problems };
  }
  const { project, prompt, model, period, from, to } = parsed.data;
  const chosen = {
    ...(project === undefined ? {} : { project }),
    ...(prompt === undefined ? {} : { prompt }),
    ...(model === undefined ? {} : { model }),
  };
  if (from === undefined && to === undefined) {
    const which = (period as Period | undefined) ?? DEFAULT_PERIOD;
    return { filter: { ...chosen, period: which, ...lastDays(PERIODS[which], now) } };
  }
  const end = to ?? addDays(utcDay(now), 1);
  const start = from ?? addDays(end, -PERIODS[DEFAULT_PERIOD]);
  const problems = periodProblems(start, end, period);
  return problems.length > 0 ? { problems } : { filter: { ...chosen, from: start, to: end } };
}

/** `period=a..b` is `from=a&to=b`, unless these are there too. */
function withOwnDays(query: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { period, ...rest } = query;
  if (typeof period !== 'string' || !OWN_DAYS.test(period) || 'from' in rest || 'to' in rest) return query;
  const [from, to] = period.split('..');
  return { ...rest, from, to };
}

function periodProblems(from: string, to: string, period: string | undefined): QueryProblem[] {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  return [
    ...(period === undefined ? [] : [{ parameter: 'period', message: 'cannot stand beside from or to' }]),
    ...(days > 0 ? [] : [{ parameter: 'to', message: 'must lie after from' }]),
    ...(days <= PERIOD_DAYS_MAX
      ? []
      : [{ parameter: 'to', message: `must lie at most ${PERIOD_DAYS_MAX} days after from` }]),
  ];
}

/** The last `days` UTC days, today included. */
function lastDays(days: number, now: number): { from: string; to: string } {
  const to = addDays(utcDay(now), 1);
  return { from: addDays(to, -days), to };
}

export function utcDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  return utcDay(Date.parse(day) + days * DAY_MS);
}
