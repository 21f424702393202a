// Everything that was checked before a verdict, passed or not, with the figures. In: a row of comparison_verdicts. Out: rows of a
// table as text. Pure. A check without figures was not made.
import {
  EFFECTIVE_PERSONS_MIN,
  FAILURES_MIN,
  ORPHAN_SHARE_MAX,
  PERSONS_MIN,
  SUCCESSES_MIN,
} from '../comparisons/gates.js';
import type { VerdictRow } from '../comparisons/verdict-row.js';
import { CONCURRENT_SHARE_MIN } from '../comparisons/tier.js';
import { DOUBTFUL_SHARE_MAX, SESSION_SHARE_MAX } from '../comparisons/warnings.js';
import { pWords } from './comparison-words.js';
import { count, percent } from './words.js';

export interface Check {
  readonly name: string;
  /** Of A and of B; one text when it is not by side. */
  readonly seen: readonly [a: string, b: string] | string;
  readonly wanted: string;
  /** A gate that failed forbids the verdict; a warning does not. */
  readonly state: 'passed' | 'failed' | 'warned';
}

interface CheckDefinition {
  readonly code: string;
  readonly name: string;
  readonly wanted: string;
  /** Figures are `<figure>_a` and `<figure>_b`, or `<figure>` alone. */
  readonly figure?: string;
  readonly said: (value: number) => string;
}

const whole = (n: number) => count(Math.floor(n));
const each = (n: number) => `at least ${n} each`;
const alike = `at most ${percent(DOUBTFUL_SHARE_MAX)}, alike on both sides`;

const CHECKS: readonly CheckDefinition[] = [
  { code: 'too_few_persons', name: 'Persons', wanted: each(PERSONS_MIN), said: whole },
  {
    code: 'too_few_effective_persons',
    name: 'Effective persons, heavy ones counted less',
    wanted: each(EFFECTIVE_PERSONS_MIN),
    said: whole,
  },
  { code: 'too_few_successes', name: 'Answers accepted or edited', wanted: each(SUCCESSES_MIN), said: whole },
  { code: 'too_few_failures', name: 'Answers rejected or ignored', wanted: each(FAILURES_MIN), said: whole },
  { code: 'sample_ratio', name: 'Units assigned', wanted: 'split as configured', said: whole },
  { code: 'shown_rate', name: 'Shown, of the answers made', wanted: 'alike on both sides', said: percent },
  {
    code: 'orphan_share',
    name: 'Acted on without being seen as shown',
    wanted: `at most ${percent(ORPHAN_SHARE_MAX)}, alike on both sides`,
    said: percent,
  },
  { code: 'sdk_mix', name: 'Versions of the beacon', wanted: 'alike on both sides', said: pWords, figure: 'sdk_mix_p' },
  {
    code: 'before_after',
    name: 'Of the second, on days of the first',
    wanted: `at least ${percent(CONCURRENT_SHARE_MIN)}`,
    said: percent,
  },
  { code: 'late_share', name: 'Events after the final day', wanted: alike, said: percent },
  { code: 'clock_suspect_share', name: 'Times of doubtful clocks', wanted: alike, said: percent },
  { code: 'forced_share', name: 'Shown by declaration, not by sight', wanted: alike, said: percent },
  {
    code: 'one_person',
    name: 'Weight of the heaviest person',
    wanted: 'at most 20.0 %',
    said: percent,
    figure: 'heaviest_share',
  },
  {
    code: 'sessions_only',
    name: 'Persons known by their session alone',
    wanted: `at most ${percent(SESSION_SHARE_MAX)}`,
    said: percent,
  },
  {
    code: 'rate_of_persons',
    name: 'Rate averaged over persons',
    wanted: 'near the rate',
    said: percent,
    figure: 'persons_rate',
  },
];

/** In the order in which they are made: what forbids a verdict first. */
export function checksOf(row: VerdictRow): Check[] {
  return CHECKS.flatMap(({ code, name, wanted, figure = code, said }): Check[] => {
    const [a, b, one] = [row.figures[`${figure}_a`], row.figures[`${figure}_b`], row.figures[figure]];
    const state = row.gates.includes(code) ? 'failed' : row.warnings.includes(code) ? 'warned' : 'passed';
    if (a !== undefined && b !== undefined) return [{ name, wanted, state, seen: [said(a), said(b)] as const }];
    if (one !== undefined) return [{ name, wanted, state, seen: said(one) }];
    return state === 'passed' ? [] : [{ name, wanted, state, seen: 'not known' }];
  });
}
