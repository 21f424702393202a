// The most rejected prompts, small ones drawn towards the mean of all. In: rates by prompt, why they are rejected. Out: a section.
// Pure. Must never rank by the raw rate: at the top would stand the prompts with the fewest generations.
import {
  betaBinomialMoments,
  credibleInterval,
  shrunkRate,
  type BetaBinomial,
} from '../../statistics/beta-binomial.js';
import type { Proportion } from '../../statistics/two-proportions.js';
import { count, counted } from '../../web/words.js';
import type { RejectedPrompt, Report } from '../report.js';
import { mostFirst, REJECT_WORDS } from './bucket-words.js';
import { plainSentence } from './plain-sentence.js';
import type { LevelRow, LevelRows } from './read-levels.js';
import type { ReasonRow } from './read-signals.js';
import { byName } from './rates.js';
import { asShare, shareOf } from './rounding.js';

export const REJECTED_MAX = 10;

type Rejected = NonNullable<Report['rejected']>;

export interface Ranking {
  readonly metricVersion: string;
  readonly prompts: readonly Omit<RejectedPrompt, 'reasons'>[];
  readonly mean: number | null;
  readonly notes: readonly string[];
}

/** `prompts`: rates at level `prompt`. Ranks those that are measured by the metric version with the most mature generations. */
export function rankRejected({ rows, total }: LevelRows): Ranking {
  const final = rows.filter(({ mature }) => mature > 0);
  const metricVersion = mostUsed(final);
  const alike = final.filter((row) => row.metricVersion === metricVersion);
  if (alike.length === 0)
    return { metricVersion: '', prompts: [], mean: null, notes: ['No prompt has final generations yet.'] };
  const rejected = alike.reduce((sum, row) => sum + row.matureRejected, 0);
  const mature = alike.reduce((sum, row) => sum + row.mature, 0);
  const notes = [
    ...(rejected === 0 ? [`None of ${counted(mature, 'final generation')} was rejected.`] : []),
    ...(alike.length === 1 ? ['One prompt alone: there are no others to rank it among.'] : []),
    ...(alike.length > REJECTED_MAX && rejected > 0
      ? [`The ${count(REJECTED_MAX)} most rejected of ${counted(alike.length, 'prompt')}.`]
      : []),
    ...(final.length > alike.length ? [measuredOtherwise(final.length - alike.length, metricVersion)] : []),
    ...(total > rows.length
      ? [`${counted(total - rows.length, 'prompt')} with less traffic were not looked through.`]
      : []),
  ];
  const fit = rejected === 0 ? undefined : betaBinomialMoments(alike.map(trialsOf));
  if (fit?.strength === Number.POSITIVE_INFINITY && alike.length > 1)
    notes.push('The prompts do not differ beyond chance: all are drawn to the rate that they have in common.');
  const prompts = fit === undefined ? [] : shrunken(alike, fit).slice(0, REJECTED_MAX);
  return { metricVersion, prompts, mean: shareOf(rejected, mature), notes: notes.map(plainSentence) };
}

function measuredOtherwise(n: number, metricVersion: string): string {
  return `${counted(n, 'row')} of prompts measured by other settings than ${metricVersion} ${n === 1 ? 'is' : 'are'} left out: what is not measured alike is not ranked together.`;
}

function mostUsed(rows: readonly LevelRow[]): string {
  const mature = new Map<string, number>();
  for (const row of rows) mature.set(row.metricVersion, (mature.get(row.metricVersion) ?? 0) + row.mature);
  return [...mature].sort(([a, n], [b, m]) => m - n || byName(a, b))[0]?.[0] ?? '';
}

function shrunken(rows: readonly LevelRow[], fit: BetaBinomial): Omit<RejectedPrompt, 'reasons'>[] {
  return rows
    .map((row) => {
      const trials = trialsOf(row);
      // drawn together completely, what is left of a cell's own spread is none: that is no interval
      const interval = fit.strength === Number.POSITIVE_INFINITY ? undefined : credibleInterval(trials, fit);
      return {
        promptId: row.promptId,
        mature: row.mature,
        persons: row.persons,
        rejected: row.matureRejected,
        rate: asShare(row.matureRejected / row.mature) ?? 0,
        shrunk: asShare(shrunkRate(trials, fit)) ?? 0,
        low: asShare(interval?.low ?? null),
        high: asShare(interval?.high ?? null),
      };
    })
    .sort((a, b) => b.shrunk - a.shrunk || b.rejected - a.rejected || byName(a.promptId, b.promptId));
}

/**
 * Independent generations that a prompt's rejection rate is worth. Of one person, or of nobody known, however many generations there
 * are, they speak with one voice: one.
 */
function trialsOf({ mature, matureRejected, rejectionEffectiveN }: LevelRow): Proportion {
  const n = rejectionEffectiveN ?? 1;
  return { x: (matureRejected / mature) * n, n };
}

export function rejectedSection({ prompts, ...ranking }: Ranking, reasons: readonly ReasonRow[]): Rejected {
  return {
    ...ranking,
    notes: [...ranking.notes],
    prompts: prompts.map((prompt) => ({
      ...prompt,
      reasons: mostFirst(
        reasons
          .filter(({ promptId }) => promptId === prompt.promptId)
          .map(({ reason, generations }) => ({ bucket: reason, generations })),
        REJECT_WORDS,
      ),
    })),
  };
}
