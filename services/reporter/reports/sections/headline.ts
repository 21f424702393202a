// What a reader must know first, one sentence each. In: comparisons and watches, as their own sentences say them. Out: the headline.
// Pure. Must never be empty, nor say worse or better where the comparison's own sentence does not.
import type { VerdictRow } from '../../comparisons/verdict-row.js';
import { verdictSentence } from '../../comparisons/verdict-sentence.js';
import { driftSentence } from '../../drift/drift-sentence.js';
import type { DriftState } from '../../drift/drift-state.js';
import { count, counted } from '../../web/words.js';
import type { Report } from '../report.js';
import { listed, plainSentence } from './plain-sentence.js';

/** Sentences about a single comparison or fall; the others are counted. */
export const HEADLINES_MAX = 12;

type Headline = Report['headline'][number];

export interface Findings {
  /** Those that ask for action first. */
  readonly comparisons: readonly VerdictRow[];
  /** How many there are, with those that were not read. */
  readonly comparisonsTotal: number;
  /** What has fallen first. */
  readonly watches: readonly DriftState[];
}

/** What asks for action first. A comparison that was flagged speaks even when today's interval or a gate silences it. */
const ORDER = ['worse', 'fallen', 'lower', 'flagged', 'better', 'higher', 'no_large_drop'] as const;
type Kind = (typeof ORDER)[number];

export function headline({ comparisons, comparisonsTotal, watches }: Findings): Headline[] {
  const said = [
    ...comparisons.flatMap((row) => {
      const kind = kindOf(row);
      return kind === undefined ? [] : [{ kind, item: comparisonItem(row) }];
    }),
    ...watches
      .filter(({ state }) => state === 'fallen')
      .map((row) => ({ kind: 'fallen' as const, item: fallItem(row) })),
  ].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const silent = comparisons.filter((row) => kindOf(row) === undefined);
  return [
    ...said.slice(0, HEADLINES_MAX).map(({ item }) => item),
    ...summed(restSentence(said.slice(HEADLINES_MAX).map(({ kind }) => kind))),
    ...summed(silentSentence(silent, comparisons.length, comparisonsTotal)),
    ...summed(watchSentence(watches)),
  ];
}

function kindOf({ verdict, flagged_since }: VerdictRow): Kind | undefined {
  if (verdict !== 'not_enough_evidence' && verdict !== 'cannot_compare' && verdict !== 'before_after') return verdict;
  return flagged_since === null ? undefined : 'flagged';
}

function comparisonItem(row: VerdictRow): Headline {
  const tone = row.verdict === 'worse' || row.verdict === 'better' ? row.verdict : 'neutral';
  return {
    tone,
    sentence: plainSentence(`${whereOf(row)}: ${verdictSentence(row)}`),
    promptId: row.prompt_id,
    comparisonId: row.comparison_id,
    n: row.n_a + row.n_b,
    persons: row.persons,
  };
}

/** `summarise`, `summarise on editor`, `All prompts`. */
export function whereOf({ prompt_id, surface }: Pick<VerdictRow, 'prompt_id' | 'surface'>): string {
  return `${prompt_id === '' ? 'All prompts' : prompt_id}${surface === '' ? '' : ` on ${surface}`}`;
}

function fallItem(row: DriftState): Headline {
  return {
    tone: 'fallen',
    sentence: plainSentence(driftSentence(row)),
    promptId: row.prompt_id,
    comparisonId: null,
    n: row.n,
    persons: row.persons,
  };
}

function summed(sentence: string): Headline[] {
  return sentence === ''
    ? []
    : [{ tone: 'neutral', sentence, promptId: '', comparisonId: null, n: null, persons: null }];
}

const REST_WORDS: Readonly<Record<Kind, (n: number) => string>> = {
  worse: (n) => `${count(n)} worse`,
  fallen: (n) => `${count(n)} fallen`,
  lower: (n) => `${count(n)} lower but not randomised`,
  flagged: (n) => `${count(n)} flagged earlier`,
  better: (n) => `${count(n)} better`,
  higher: (n) => `${count(n)} higher but not randomised`,
  no_large_drop: (n) => `${count(n)} without a large drop`,
};

function restSentence(kinds: readonly Kind[]): string {
  if (kinds.length === 0) return '';
  const parts = ORDER.flatMap((kind) => {
    const n = kinds.filter((each) => each === kind).length;
    return n === 0 ? [] : [REST_WORDS[kind](n)];
  });
  return `${count(kinds.length)} more ${kinds.length === 1 ? 'is' : 'are'} not listed here: ${listed(parts)}.`;
}

const NOTHING_COMPARED =
  'Nothing was compared yet: two versions of a prompt, two models, or two arms of an experiment are compared once a day, from the first day on which both were shown and nothing can change any more.';

function silentSentence(silent: readonly VerdictRow[], read: number, total: number): string {
  if (total === 0) return NOTHING_COMPARED;
  const have = (n: number, one: string, many: string) => (n === 0 ? [] : [`${count(n)} ${n === 1 ? one : many}`]);
  const number = (verdict: VerdictRow['verdict']) => silent.filter((row) => row.verdict === verdict).length;
  const parts = [
    ...have(number('not_enough_evidence'), 'has not enough evidence yet', 'have not enough evidence yet'),
    ...have(number('cannot_compare'), 'cannot be compared', 'cannot be compared'),
    ...have(number('before_after'), 'is before and after, not a comparison', 'are before and after, not comparisons'),
    ...have(total - read, 'was not looked through here', 'were not looked through here'),
  ];
  return parts.length === 0 ? '' : `Of ${counted(total, 'comparison')} ${listed(parts)}.`;
}

function watchSentence(watches: readonly DriftState[]): string {
  if (watches.some(({ state }) => state === 'fallen')) return '';
  if (watches.length === 0)
    return 'Nothing is watched for a fall yet: that begins with the first day whose outcomes are final.';
  const steady = watches.filter(({ state }) => state === 'steady').length;
  const collecting = watches.length - steady;
  const all = watches.length === 1 ? 'the one watched rate' : `all ${count(watches.length)} watched rates`;
  if (collecting === 0) return `No rate has fallen: ${all} ${steady === 1 ? 'is' : 'are'} steady.`;
  if (steady === 0) return `No fall can be seen yet: ${all} still ${collecting === 1 ? 'collects' : 'collect'} days.`;
  return `No rate has fallen: ${count(steady)} of ${counted(watches.length, 'watched rate')} ${steady === 1 ? 'is' : 'are'} steady, ${count(collecting)} still ${collecting === 1 ? 'collects' : 'collect'} days.`;
}
