// The numbers behind a verdict in plain words: p, e-value, family, tier, strata, what was flagged and when. Pure.
// In: a row of comparison_verdicts. Out: text without markup. Must never say more than the numbers do.
import type { Verdict, VerdictRow } from '../comparisons/verdict-row.js';
import { level, plainPoints, points, shortDay } from '../comparisons/verdict-words.js';
import { count, counted } from './words.js';

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  worse: 'Worse',
  better: 'Better',
  lower: 'Lower, not randomised',
  higher: 'Higher, not randomised',
  no_large_drop: 'No large drop',
  not_enough_evidence: 'Not enough evidence yet',
  cannot_compare: 'Cannot compare',
  before_after: 'Before and after',
};

export const TIER_WORDS: Readonly<Record<VerdictRow['tier'], string>> = {
  T1: 'randomised, at the same time',
  T2: 'at the same time, not randomised',
  T3: 'one after the other',
};

/** What may be concluded from traffic of the tier. */
export function tierSentence({ tier }: Pick<VerdictRow, 'tier'>): string {
  switch (tier) {
    case 'T1':
      return 'Randomised, at the same time: chance alone decided who saw which, so a difference comes from the versions.';
    case 'T2':
      return 'At the same time, but not randomised: who saw which may itself be the cause of a difference.';
    case 'T3':
      return 'One after the other: whatever else changed in between may be the cause of a difference.';
  }
}

/** From here on a bet is only said to be more than this. */
const ODDS_MAX = 1_000_000;

/** An e-value as a bet: what a stake on "there is a difference" would have become. */
export function evidenceWords({ log_e, gates, tier, standard_error }: VerdictRow): string {
  if (standard_error === 0) return 'Nothing can be estimated yet, so there is no evidence either way.';
  if (gates.length > 0 || tier === 'T3') return 'Not counted on this day: a check failed.';
  const odds = Math.exp(log_e);
  if (odds > ODDS_MAX)
    return `A fair bet on a difference would have multiplied its stake by more than ${count(ODDS_MAX)}.`;
  if (odds >= 1)
    return `A fair bet on a difference would have multiplied its stake by ${rounded(odds)}; if there were none, that would happen at most once in ${rounded(odds)} times.`;
  return `A fair bet on a difference would have ${rounded(odds)} of its stake left: so far the data speak for no difference, or not at all.`;
}

/** Three digits at most: 1,240 · 12.4 · 1.24 · 0.041. */
function rounded(n: number): string {
  return n >= 100 ? count(Math.round(n)) : String(Number(n.toPrecision(n < 1 ? 2 : 3)));
}

/** `p = 0.0023`, never 0. */
export function pWords(p: number): string {
  if (p >= 1) return 'p = 1';
  return p < 0.0001 ? 'p < 0.0001' : `p = ${Number(p.toPrecision(2))}`;
}

export function chanceWords(row: VerdictRow): string {
  const alone = `${pWords(row.p)}, the smallest of all looks so far`;
  if (row.live === 0) return `${alone}; it is not judged together with others today.`;
  if (row.family_size < 2) return `${alone}.`;
  return `${alone}; ${pWords(row.p_adjusted)} when judged together with the others.`;
}

export function familyWords(row: VerdictRow): string {
  if (row.live === 0)
    return 'It is not one of the comparisons watched together today: its checks have not passed in the last 14 days.';
  if (row.family_size === 1)
    return `It is the only comparison of this project that is watched today${row.family_flagged === 1 ? ', and it is flagged' : ''}.`;
  return `One of ${count(row.family_size)} comparisons of this project watched together, of which ${count(row.family_flagged)} ${row.family_flagged === 1 ? 'is' : 'are'} flagged; on average at most 5 % of the flagged ones are false.`;
}

/** The interval with its level and why that level. */
export function intervalWords(row: VerdictRow): string {
  if (row.low === null || row.high === null) return 'No interval: nothing can be estimated yet.';
  const wider = row.alpha_used < row.alpha ? ` (wider than ${level(row.alpha)}, since it was picked out of many)` : '';
  return `${points(row.low)} to ${points(row.high)} points at ${level(row.alpha_used)}${wider}, valid however often you look.`;
}

/** What was found before, beside what holds today; undefined when the sentence of the verdict says as much. */
export function flaggedWords(row: VerdictRow): string | undefined {
  if (row.flagged_since === null || row.direction === '') return undefined;
  const found = `${foundAs(row)} since ${shortDay(row.flagged_since)}`;
  if (row.low === null || row.high === null) return `${found}. Today nothing can be estimated.`;
  const today = `Today’s interval, ${points(row.low)} to ${points(row.high)} points,`;
  if (row.low <= 0 && row.high >= 0) return `${found}. ${today} includes 0.`;
  return row.high < 0 === (row.direction === 'worse') ? undefined : `${found}. ${today} lies on the other side of 0.`;
}

/** Only randomised traffic is worse or better. */
export function foundAs({ tier, direction }: Pick<VerdictRow, 'tier' | 'direction'>): string {
  if (tier === 'T1') return direction === 'worse' ? 'Worse' : 'Better';
  return direction === 'worse' ? 'Lower' : 'Higher';
}

/** `strata`: parts of the traffic (prompt, surface and the like, by week) in which both were shown. */
export function strataWords(row: VerdictRow, strata: number): string {
  if (strata === 0) return 'No part of the traffic has both.';
  const within = `Compared within ${counted(strata, 'part')} of the traffic (alike but for the version, and of the same week)`;
  const differs = row.figures['effect_differs_p'];
  const effect =
    differs === undefined
      ? 'too few persons in each part to say whether the effect differs between them'
      : row.warnings.includes('effect_differs')
        ? `the effect differs between parts (${pWords(differs)}), so the difference is an average of unlike ones`
        : `no sign that the effect differs between parts (${pWords(differs)})`;
  return `${within}; ${effect}.`;
}

/** The plain difference of the two rates, beside the stratified one; undefined when nothing is known of it. */
export function pooledWords(row: VerdictRow): string | undefined {
  const pooled = row.figures['pooled_difference'];
  if (pooled === undefined) return undefined;
  const moved = row.warnings.includes('mix_moved') ? ': the mix of traffic moved, so only the first is to be read' : '';
  return `${points(row.difference)} points within the same traffic; ${points(pooled)} points between the plain rates${moved}.`;
}

export function dropWords({ tau }: Pick<VerdictRow, 'tau'>): string {
  return `${plainPoints(tau)} points, fixed before the first look.`;
}

/** Where the comparison is forbidden, a difference must not be seen either. */
export function isCompared({ verdict }: Pick<VerdictRow, 'verdict'>): boolean {
  return verdict !== 'cannot_compare' && verdict !== 'before_after';
}
