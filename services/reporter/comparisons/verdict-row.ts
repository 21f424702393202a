// A row of comparison_verdicts or comparison_history, as the product reads it. In: what ClickHouse answers. Out: the same names
// with numbers for the 64-bit integers that come as strings.

export const VERDICTS = [
  'worse',
  'better',
  'lower',
  'higher',
  'no_large_drop',
  'not_enough_evidence',
  'cannot_compare',
  'before_after',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Columns are explained by the comments of comparison_history. Days are YYYY-MM-DD, look_at is `YYYY-MM-DD hh:mm:ss.mmm` in UTC. */
export interface VerdictRow {
  readonly project_id: string;
  readonly comparison_id: string;
  readonly kind: string;
  readonly prompt_id: string;
  readonly surface: string;
  readonly name_a: string;
  readonly name_b: string;
  readonly family: string;
  readonly tier: 'T1' | 'T2' | 'T3';
  readonly day: string;
  readonly look_at: string;
  readonly from_day: string;
  readonly to_day: string;
  readonly n_a: number;
  readonly n_b: number;
  readonly persons_a: number;
  readonly persons_b: number;
  readonly persons: number;
  readonly rate_a: number;
  readonly rate_b: number;
  readonly difference: number;
  readonly standard_error: number;
  /** null when nothing can be estimated. */
  readonly low: number | null;
  readonly high: number | null;
  readonly alpha_used: number;
  readonly p: number;
  readonly p_adjusted: number;
  readonly log_e: number;
  readonly tau: number;
  readonly alpha: number;
  readonly family_size: number;
  readonly family_flagged: number;
  readonly live: number;
  readonly flagged: number;
  readonly flagged_since: string | null;
  readonly direction: '' | 'worse' | 'better';
  readonly verdict: Verdict;
  readonly gates: readonly string[];
  readonly warnings: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
  readonly metric_version: string;
}

type Integer = 'n_a' | 'n_b' | 'persons_a' | 'persons_b' | 'persons' | 'family_size' | 'family_flagged';

/** What ClickHouse answers, in which 64-bit integers are strings. */
export type AnsweredVerdict = Omit<VerdictRow, Integer> & Readonly<Record<Integer, string>>;

export function verdictRow(answered: AnsweredVerdict): VerdictRow {
  const { n_a, n_b, persons_a, persons_b, persons, family_size, family_flagged, ...rest } = answered;
  return {
    ...rest,
    n_a: Number(n_a),
    n_b: Number(n_b),
    persons_a: Number(persons_a),
    persons_b: Number(persons_b),
    persons: Number(persons),
    family_size: Number(family_size),
    family_flagged: Number(family_flagged),
  };
}
