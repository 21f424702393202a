// Whether the figures can be trusted, and what should make one doubt them. In: rates, ledgers. Out: a section of a report, and the
// codes of its warnings. Pure.
import { ORPHAN_SHARE_MAX } from '../../comparisons/gates.js';
import { DOUBTFUL_SHARE_MAX, SESSION_SHARE_MAX } from '../../comparisons/warnings.js';
import { addDays } from '../../figures/filter.js';
import { count, counted, instant, percent } from '../../web/words.js';
import type { ReportQuality } from '../report.js';
import { plainSentence } from './plain-sentence.js';
import type { LevelRow } from './read-levels.js';
import type { JudgedDay, QualityReadings } from './read-quality.js';

/** Share of the shown generations that is still open from which it is said. */
export const UNRESOLVED_SHARE_MAX = 0.5;
/** Refused events per known generation from which it is said. */
export const DROPS_SHARE_MAX = 0.01;
/** What a roll-up has left out for longer than this is missing, ms. */
export const ROLLUP_AGE_MS_MAX = 86_400_000;

/** Codes of warnings, in the order in which they are said. */
export const QUALITY_WARNINGS = [
  'no_shown',
  'rollup_old',
  'orphans',
  'late',
  'clock_suspects',
  'forced',
  'sessions_only',
  'unresolved',
  'drops',
  'dead_letters',
] as const;
export type QualityWarning = (typeof QUALITY_WARNINGS)[number];

export interface QualityFacts extends QualityReadings {
  readonly totals: readonly LevelRow[];
  /** Longest W + L of the project, seconds. */
  readonly spanS: number;
  readonly now: number;
}

export interface FoundQuality {
  readonly quality: ReportQuality;
  readonly codes: readonly QualityWarning[];
}

export function qualityOf(facts: QualityFacts): FoundQuality {
  const sum = (of: (row: LevelRow) => number) => facts.totals.reduce((all, row) => all + of(row), 0);
  const rolledUp = rolledUpAt(facts);
  const quality: Omit<ReportQuality, 'warnings'> = {
    newestEvent: facts.lastStored > 0 ? new Date(facts.lastStored).toISOString() : null,
    rolledUp: rolledUp === undefined ? null : new Date(rolledUp).toISOString(),
    shown: sum((row) => row.shown),
    mature: sum((row) => row.mature),
    late: sum((row) => row.late),
    orphans: sum((row) => row.orphan),
    forced: sum((row) => row.forced),
    clockSuspects: sum((row) => row.clockSuspect),
    notShown: sum((row) => row.notShown),
    unresolved: sum((row) => row.unresolved),
    persons: sum((row) => row.persons),
    sessionPersons: sum((row) => row.sessionPersons),
    drops: facts.drops.map(({ reason, events }) => ({ reason, events })),
    deadLetters: facts.deadLetters,
  };
  const raised = QUALITY_WARNINGS.flatMap((code) => {
    const said = WARNINGS[code](quality, facts);
    return said === undefined ? [] : [{ code, said: plainSentence(said) }];
  });
  return { quality: { ...quality, warnings: raised.map(({ said }) => said) }, codes: raised.map(({ code }) => code) };
}

/** The oldest of the days that can still change, else the newest of all. */
function rolledUpAt({ days, spanS }: QualityFacts): number | undefined {
  const judged = days.filter(({ judgedAt }) => judgedAt > 0);
  if (judged.length === 0) return undefined;
  const open = judged.filter((day) => missingSince(day, spanS) !== undefined).map(({ judgedAt }) => judgedAt);
  return open.length > 0 ? Math.min(...open) : Math.max(...judged.map(({ judgedAt }) => judgedAt));
}

/** Since when a roll-up of the day would find something new: an event, or an outcome that time has decided; undefined when it would not. */
function missingSince({ day, storedAt, judgedAt, shownAt }: JudgedDay, spanS: number): number | undefined {
  const settledAt = Math.max(Date.parse(addDays(day, 1)), shownAt) + 1000 * spanS;
  const stored = storedAt > judgedAt ? [storedAt] : [];
  const settles = judgedAt > 0 && judgedAt < settledAt ? [judgedAt] : [];
  return stored.length + settles.length === 0 ? undefined : Math.min(...stored, ...settles);
}

type Figures = Omit<ReportQuality, 'warnings'>;

const over = (part: number, whole: number, max: number) => whole > 0 && part / whole > max;

const WARNINGS: Readonly<Record<QualityWarning, (quality: Figures, facts: QualityFacts) => string | undefined>> = {
  no_shown: ({ shown, orphans }) =>
    shown === 0 && orphans > 0
      ? `${counted(orphans, 'generation was', 'generations were')} acted on, and none was seen as shown: no acceptance rate can be given.`
      : undefined,
  rollup_old: (_, facts) => {
    const old = facts.days.filter(
      (day) => facts.now - (missingSince(day, facts.spanS) ?? facts.now) > ROLLUP_AGE_MS_MAX,
    );
    const [first] = old;
    if (first === undefined) return undefined;
    const judged = first.judgedAt === 0 ? 'was never rolled up' : `was rolled up last at ${instant(first.judgedAt)}`;
    const others = old.length === 1 ? '' : ` (and ${counted(old.length - 1, 'more day')} likewise)`;
    return `The roll-up is behind: ${first.day} ${judged}${others}, so that figures miss what came since.`;
  },
  orphans: ({ orphans, shown }) =>
    over(orphans, orphans + shown, ORPHAN_SHARE_MAX) && shown > 0
      ? `Events are lost: ${percent(orphans / (orphans + shown))} of ${counted(orphans + shown, 'generation')} were acted on without being seen as shown (more than ${percent(ORPHAN_SHARE_MAX)}).`
      : undefined,
  late: ({ late, mature }) =>
    doubtful(late, mature, 'final generation', 'had something that came after their outcome was final'),
  clock_suspects: ({ clockSuspects, shown }) =>
    doubtful(clockSuspects, shown, 'shown generation', 'have a time of a doubtful clock'),
  forced: ({ forced, shown }) =>
    doubtful(
      forced,
      shown,
      'shown generation',
      'were taken as shown by declaration or by an early action, not by sight',
    ),
  sessions_only: ({ persons, sessionPersons }) =>
    over(sessionPersons, persons, SESSION_SHARE_MAX)
      ? `${percent(sessionPersons / persons)} of ${counted(persons, 'person')} are known by their session alone: intervals are too narrow if they come back.`
      : undefined,
  unresolved: ({ unresolved, shown }) =>
    over(unresolved, shown, UNRESOLVED_SHARE_MAX)
      ? `${percent(unresolved / shown)} of ${count(shown)} shown generations are still open: the rates are those of the older days.`
      : undefined,
  drops: ({ drops, shown, notShown, orphans }) => {
    const events = drops.reduce((all, each) => all + each.events, 0);
    const known = shown + notShown + orphans;
    if (events === 0 || (known > 0 && !over(events, known, DROPS_SHARE_MAX))) return undefined;
    const against =
      known > 0 ? ` against ${counted(known, 'known generation')} (more than ${percent(DROPS_SHARE_MAX)})` : '';
    return `${counted(events, 'event was', 'events were')} refused${against}.`;
  },
  dead_letters: ({ deadLetters }) =>
    deadLetters > 0
      ? `${counted(deadLetters, 'event')} could not be stored and ${deadLetters === 1 ? 'waits' : 'wait'} to be replayed.`
      : undefined,
};

function doubtful(part: number, whole: number, one: string, what: string): string | undefined {
  if (!over(part, whole, DOUBTFUL_SHARE_MAX)) return undefined;
  return `${percent(part / whole)} of ${counted(whole, one)} ${what} (more than ${percent(DOUBTFUL_SHARE_MAX)}).`;
}
