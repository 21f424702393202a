// What is different since the report before. In: where things stood, where they stand. Out: sentences. Pure.
// Must never call a rate worse or better: two intervals that do not overlap are no test, and before and after is no comparison.
import { count } from '../../web/words.js';
import type { Report } from '../report.js';
import type { Standing, StandingComparison } from '../standing.js';
import { listed, plainSentence } from './plain-sentence.js';
import { cellChanges, ratesApart } from './rate-changes.js';

/** Sentences of one kind; the others are counted. */
export const CHANGES_MAX = 12;

type Changes = NonNullable<Report['changes']>;
type Change = Changes['items'][number];

export type Compared = Pick<Report, 'prompts' | 'window' | 'standing'>;

export function changesSince(previous: (Compared & Pick<Report, 'slot'>) | undefined, current: Compared): Changes {
  if (previous === undefined)
    return {
      since: null,
      items: [neutral('There is no report before this one to compare with.')],
    };
  if (!coverAlike(previous, current))
    return {
      since: previous.slot,
      items: [
        neutral('The report before this one covered other prompts or another number of days: they are not compared.'),
      ],
    };
  const [before, now] = [previous.standing, current.standing];
  const items = [
    ...bounded(comparisonChanges(before, now), 'changed verdict'),
    ...endedUnknown(before, now),
    ...bounded(fallChanges(before, now), 'change of falls', 'changes of falls'),
    ...bounded(
      ratesApart(before, now).map(neutral),
      'rate outside its last interval',
      'rates outside their last interval',
    ),
    ...cellChanges(before, now).map(neutral),
    ...qualityChanges(before, now),
  ];
  return {
    since: previous.slot,
    items: items.length === 0 ? [neutral('Nothing has changed that a report tells of.')] : items,
  };
}

function coverAlike(a: Compared, b: Compared): boolean {
  const covered = ({ prompts, window }: Compared) => JSON.stringify([[...prompts].sort(), window.days]);
  return covered(a) === covered(b);
}

function neutral(sentence: string): Change {
  return { tone: 'neutral', sentence: plainSentence(sentence) };
}

function bounded(changes: readonly Change[], one: string, many = `${one}s`): Change[] {
  const left = changes.length - CHANGES_MAX;
  if (left <= 0) return [...changes];
  return [...changes.slice(0, CHANGES_MAX), neutral(`${count(left)} more ${left === 1 ? one : many}.`)];
}

const SPEAKS: readonly string[] = ['worse', 'better', 'lower', 'higher', 'no_large_drop'];
const SAID: Readonly<Record<string, string>> = {
  worse: 'worse',
  better: 'better',
  lower: 'lower, not randomised',
  higher: 'higher, not randomised',
  no_large_drop: 'no large drop',
  not_enough_evidence: 'not enough evidence yet',
  cannot_compare: 'cannot be compared',
  before_after: 'before and after, not a comparison',
};

function comparisonChanges(before: Standing, now: Standing): Change[] {
  const known = new Map(before.comparisons.map((each) => [each.id, each]));
  const current = new Set(now.comparisons.map(({ id }) => id));
  const changed = now.comparisons.flatMap((each) => {
    const old = known.get(each.id);
    if (old?.verdict === each.verdict) return [];
    if (!SPEAKS.includes(each.verdict) && (old === undefined || !SPEAKS.includes(old.verdict))) return [];
    const was = old === undefined || !SPEAKS.includes(old.verdict) ? 'new verdict' : `was ${said(old.verdict)}`;
    return [{ tone: toneOf(each), sentence: plainSentence(`${each.subject}: ${said(each.verdict)} (${was}).`) }];
  });
  // with comparisons left unread nobody knows which have ended
  if (before.comparisonsTotal > before.comparisons.length || now.comparisonsTotal > now.comparisons.length)
    return changed;
  const ended = before.comparisons
    .filter(({ id, verdict }) => !current.has(id) && SPEAKS.includes(verdict))
    .map((old) => neutral(`${old.subject}: no longer compared (was ${said(old.verdict)}).`));
  return [...changed, ...ended];
}

function endedUnknown(before: Standing, now: Standing): Change[] {
  const unread = (of: Standing) => of.comparisonsTotal > of.comparisons.length;
  if (!unread(before) && !unread(now)) return [];
  return [neutral('Comparisons that ended are not listed: there are too many.')];
}

function said(verdict: string): string {
  return SAID[verdict] ?? verdict;
}

function toneOf({ verdict }: StandingComparison): Change['tone'] {
  return verdict === 'worse' || verdict === 'better' ? verdict : 'neutral';
}

function fallChanges(before: Standing, now: Standing): Change[] {
  if ([before, now].some(({ falls, fallsTotal = falls.length }) => fallsTotal > falls.length))
    return [neutral('Falls that began or are over are not listed: there are too many.')];
  const was = new Set(before.falls.map(({ id }) => id));
  const is = new Set(now.falls.map(({ id }) => id));
  return [
    ...now.falls
      .filter(({ id }) => !was.has(id))
      .map(({ subject, since }) => ({
        tone: 'fallen' as const,
        sentence: plainSentence(`${subject} has fallen${since === null ? '' : ` since ${since}`}; not a comparison.`),
      })),
    ...before.falls
      .filter(({ id }) => !is.has(id))
      .map(({ subject }) => neutral(`${subject}: the fall that the last report told of is over.`)),
  ];
}

const CROSSED: Readonly<Record<string, string>> = {
  no_shown: 'nothing is seen as shown',
  rollup_old: 'the roll-up is behind',
  orphans: 'events are lost (acted on without being shown)',
  late: 'many events come after the outcome is final',
  clock_suspects: 'many clocks are doubtful',
  forced: 'many generations count as shown without having been seen',
  sessions_only: 'most persons are known by their session alone',
  unresolved: 'most generations are still open',
  drops: 'many events are refused',
  dead_letters: 'events wait to be replayed',
};

function qualityChanges(before: Standing, now: Standing): Change[] {
  const words = (codes: readonly string[]) => listed(codes.map((code) => CROSSED[code] ?? code));
  const raised = now.warnings.filter((code) => !before.warnings.includes(code));
  const gone = before.warnings.filter((code) => !now.warnings.includes(code));
  return [
    ...(raised.length === 0 ? [] : [neutral(`Data quality, new: ${words(raised)}.`)]),
    ...(gone.length === 0 ? [] : [neutral(`Data quality, no longer: ${words(gone)}.`)]),
  ];
}
