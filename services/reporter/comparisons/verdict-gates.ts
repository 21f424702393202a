// Gates and warnings in plain words with the figure that failed. Pure. In: a code and the row it stands in. Out: text without
// markup, a clause without a full stop. A code that is not known is said as it is.
import { count, counted, percent } from '../web/words.js';
import { EFFECTIVE_PERSONS_MIN, FAILURES_MIN, ORPHAN_SHARE_MAX, PERSONS_MIN, SUCCESSES_MIN } from './gates.js';
import { CONCURRENT_SHARE_MIN } from './tier.js';
import type { VerdictRow } from './verdict-row.js';
import { points } from './verdict-words.js';

type Clause = (row: VerdictRow) => string;

export const GATE_REASONS: Readonly<Record<string, Clause>> = {
  no_data: (row) => `no final day has both ${row.name_a} and ${row.name_b} with persons to tell apart`,
  too_few_persons: (row) => tooFew('too_few_persons', row, 'person', PERSONS_MIN),
  too_few_effective_persons: (row) =>
    `a few persons made most of it: ${tooFew('too_few_effective_persons', row, 'effective person', EFFECTIVE_PERSONS_MIN)}`,
  too_few_successes: (row) => tooFew('too_few_successes', row, 'accepted answer', SUCCESSES_MIN),
  too_few_failures: (row) => tooFew('too_few_failures', row, 'unaccepted answer', FAILURES_MIN),
  sample_ratio: (row) =>
    `the split is not the one configured: ${both('sample_ratio', row, whole)}${chance('sample_ratio', row)}; assignment or delivery is broken`,
  shown_rate: (row) =>
    `${(figure('shown_rate_b', row) ?? 0) < (figure('shown_rate_a', row) ?? 0) ? row.name_b : row.name_a} is displayed less often: answers that were displayed are ${both('shown_rate', row, percent)}${chance('shown_rate', row)}`,
  orphan_share: (row) =>
    `events are lost: answers that were acted on without being seen as shown are ${both('orphan_share', row, percent)} (at most ${percent(ORPHAN_SHARE_MAX)}, and alike on both sides)`,
  sdk_mix: (row) =>
    `${row.name_a} and ${row.name_b} come from different versions of the beacon${chance('sdk_mix', row)}`,
  before_after: (row) => {
    const share = figure('before_after', row);
    const had = share === undefined ? '' : `: ${percent(share)} of the answers of ${row.name_b} lie on such days`;
    return `${row.name_b} hardly ran beside ${row.name_a}${had}, at least ${percent(CONCURRENT_SHARE_MIN)} is needed`;
  },
};

export const WARNING_WORDS: Readonly<Record<string, Clause>> = {
  late_share: (row) => `Events after the final day: ${both('late_share', row, percent)}`,
  clock_suspect_share: (row) => `Times of doubtful clocks: ${both('clock_suspect_share', row, percent)}`,
  forced_share: (row) => `Shown by declaration, not by sight: ${both('forced_share', row, percent)}`,
  one_person: (row) => {
    const without = figure('without_heaviest', row);
    const rest = without === undefined ? '' : `; without that person the difference is ${points(without)} points`;
    return `One person carries ${percent(figure('heaviest_share', row) ?? 0)} of the weight${rest}`;
  },
  mix_moved: (row) =>
    `The mix of traffic moved: pooled ${points(figure('pooled_difference', row) ?? 0)} points, within the same traffic ${points(row.difference)}`,
  effect_differs: (row) => `The effect differs between parts of the traffic${chance('effect_differs', row)}`,
  sessions_only: (row) =>
    `${percent(figure('sessions_only', row) ?? 0)} of the persons are known by their session alone: the interval is too narrow if they return`,
  rate_of_persons: (row) =>
    `A few heavy persons drive the rate: averaged over persons it is ${both('persons_rate', row, percent)}`,
};

/** Why a gate forbids the comparison. */
export function gateReason(code: string, row: VerdictRow): string {
  return GATE_REASONS[code]?.(row) ?? `the check ${code} failed`;
}

/** What a reader should know. */
export function warningWords(code: string, row: VerdictRow): string {
  return WARNING_WORDS[code]?.(row) ?? `Look at ${code}`;
}

function figure(name: string, { figures }: VerdictRow): number | undefined {
  return figures[name];
}

function whole(n: number): string {
  return count(Math.floor(n));
}

/** Of a number that need not be whole, what there is at least: `1 person`, `12 persons`. */
function countedDown(n: number, one: string): string {
  return counted(Math.floor(n), one);
}

/** `12 persons for version 7 and 8 for version 8, 30 each are needed`. */
function tooFew(code: string, row: VerdictRow, one: string, min: number): string {
  const [a, b] = [figure(`${code}_a`, row), figure(`${code}_b`, row)];
  const seen =
    a === undefined || b === undefined
      ? `too few ${one}s`
      : `${countedDown(a, one)} for ${row.name_a} and ${whole(b)} for ${row.name_b}`;
  return `${seen}, ${count(min)} each are needed`;
}

function both(code: string, row: VerdictRow, said: (value: number) => string): string {
  const [a, b] = [figure(`${code}_a`, row), figure(`${code}_b`, row)];
  if (a === undefined || b === undefined) return 'not alike';
  return `${said(a)} for ${row.name_a} and ${said(b)} for ${row.name_b}`;
}

function chance(code: string, row: VerdictRow): string {
  const p = figure(`${code}_p`, row);
  if (p === undefined) return '';
  return ` (p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`})`;
}
