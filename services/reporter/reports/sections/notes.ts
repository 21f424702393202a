// What limits all of a report, in words: no data, one person, nothing final yet. In: totals and what surrounds them. Out: sentences.
// Pure. Must say so whenever a rate is missing or rests on less than it seems to.
import { PERSONS_RATE_ERRORS_MAX, SESSION_SHARE_MAX } from '../../comparisons/warnings.js';
import { addDays } from '../../figures/filter.js';
import { count, counted, instant, percent } from '../../web/words.js';
import { listed, plainSentence } from './plain-sentence.js';
import { RATES_MAX } from './rates.js';
import type { LevelRow } from './read-levels.js';
import { TREND_PROMPTS_MAX, TREND_SERIES_MAX } from './trend.js';
import type { ReportWindow } from './window.js';

/** A report that is made later than this after its slot says so, ms. */
export const LATE_REPORT_MS = 86_400_000;
/** Prompts and settings that a note names, and rows that notes of one kind are about; the others are counted. */
export const NAMED_MAX = 5;

export interface NoteFacts {
  readonly totals: readonly LevelRow[];
  /** How many rows of totals there are, with those that were not read. */
  readonly totalsFound: number;
  /** What the report is limited to; empty: all. */
  readonly prompts: readonly string[];
  readonly window: ReportWindow;
  /** First day of the window on which anything was shown. */
  readonly firstShownDay: string | undefined;
  /** Longest W + L of the project, seconds. */
  readonly spanS: number;
  /** Whether any event of the project was ever stored. */
  readonly everStored: boolean;
  /** Prompts with anything shown, with the one that has no name. */
  readonly promptsWithTraffic: number;
  /** Whether the report draws a trend. */
  readonly trend: boolean;
  /** Series of the trend that are not drawn, beside those of prompts without a trend. */
  readonly seriesLeft: number;
  readonly slot: number;
  readonly now: number;
}

export function notes(facts: NoteFacts): string[] {
  return [
    ...made(facts),
    ...scope(facts),
    ...data(facts),
    ...versions(facts),
    ...listedTotals(facts),
    ...heavyPersons(facts),
    ...charted(facts),
  ].map(plainSentence);
}

function made({ slot, now }: NoteFacts): string[] {
  if (now - slot <= LATE_REPORT_MS) return [];
  return [
    `This report was made on ${instant(now)} for a slot of ${instant(slot)}: its days are those of the slot, its verdicts and falls those of the day on which it was made.`,
  ];
}

function scope({ prompts }: NoteFacts): string[] {
  if (prompts.length === 0) return [];
  const named = prompts.length > NAMED_MAX ? counted(prompts.length, 'prompt') : listed(prompts);
  return [
    `Limited to ${named}: totals are given per prompt, comparisons across all prompts are left out, and refused events are those of the whole project.`,
  ];
}

function sum(rows: readonly LevelRow[], of: (row: LevelRow) => number): number {
  return rows.reduce((all, row) => all + of(row), 0);
}

function data(facts: NoteFacts): string[] {
  const { totals, window, everStored } = facts;
  const shown = sum(totals, (row) => row.shown);
  if (shown === 0) {
    const acted = sum(totals, (row) => row.orphan);
    if (acted > 0)
      return [
        `No generation was seen as shown, though ${counted(acted, 'was', 'were')} acted on: without events of type shown there is no acceptance rate.`,
      ];
    const last = addDays(window.to, -1);
    const span = window.days === 1 ? `on ${last}` : `from ${window.from} to ${last}`;
    const known = sum(totals, (row) => row.notShown);
    const why =
      known > 0
        ? ` ${counted(known, 'generation is known but was', 'generations are known but were')} never shown.`
        : '';
    return [`Nothing was shown ${span} (UTC).${everStored ? why : ' No event of this project was ever stored.'}`];
  }
  const mature = sum(totals, (row) => row.mature);
  if (mature === 0) return [nothingFinal(facts, shown)];
  return [...persons(totals), ...sessions(totals)];
}

function nothingFinal({ totals, firstShownDay, spanS }: NoteFacts, shown: number): string {
  const open = sum(totals, (row) => row.unresolved);
  const finalFrom = firstShownDay === undefined ? undefined : Date.parse(addDays(firstShownDay, 1)) + 1000 * spanS;
  const when =
    finalFrom === undefined
      ? ''
      : `; all of the first day, ${firstShownDay ?? ''}, is final from ${instant(finalFrom)} on`;
  return `Nothing is final yet, so there is no rate: ${percent(open / shown)} of ${count(shown)} shown are still open${when}.`;
}

/** ` of summarise by settings m-2`: what of the totals a row is, where there are several. */
function ofRow({ promptId, metricVersion }: LevelRow, totals: readonly LevelRow[]): string {
  const several = totals.some((row) => row.metricVersion !== metricVersion);
  return `${promptId === '' ? '' : ` of ${promptId}`}${several ? ` by settings ${metricVersion}` : ''}`;
}

/** A sentence on each row; of many the others are counted. */
function onEach(rows: readonly LevelRow[], say: (row: LevelRow) => string): string[] {
  const left = rows.length - NAMED_MAX;
  const others = left > 0 ? [`The same holds of ${counted(left, 'more row')} of the totals.`] : [];
  return [...rows.slice(0, NAMED_MAX).map(say), ...others];
}

/** Generations without a person count as those of one: nobody can tell them apart. */
function persons(totals: readonly LevelRow[]): string[] {
  return onEach(
    totals.filter(({ mature, persons }) => mature > 0 && persons < 2),
    (row) =>
      `One person, or nobody who is known, made all ${counted(row.mature, 'final generation')}${ofRow(row, totals)}: a rate is shown, but no interval, and it speaks for nobody else.`,
  );
}

function sessions(totals: readonly LevelRow[]): string[] {
  return onEach(
    totals.filter(({ persons, sessionPersons }) => persons > 0 && sessionPersons / persons > SESSION_SHARE_MAX),
    (row) =>
      `${percent(row.sessionPersons / row.persons)} of ${counted(row.persons, 'person')}${ofRow(row, totals)} are known by their session alone: who comes back counts again, and intervals are too narrow.`,
  );
}

function versions({ totals }: NoteFacts): string[] {
  const found = [...new Set(totals.map(({ metricVersion }) => metricVersion))];
  if (found.length < 2) return [];
  const left = found.length - NAMED_MAX;
  const named = left > 0 ? [...found.slice(0, NAMED_MAX), `${count(left)} more`] : found;
  return [
    `Outcomes were decided by ${count(found.length)} different settings (${listed(named)}): their rates stand apart and must not be compared; reasons, edits, times and ratings are counted over all of them.`,
  ];
}

function listedTotals({ totalsFound }: NoteFacts): string[] {
  if (totalsFound <= RATES_MAX) return [];
  return [`The totals list ${count(RATES_MAX)} of ${count(totalsFound)} rows, those with the most generations.`];
}

/** The rate of persons beside the rate of generations, where the two differ beyond chance. */
function heavyPersons({ totals }: NoteFacts): string[] {
  return onEach(
    totals.filter(isDrivenByFew),
    (row) =>
      `A few heavy persons drive the rate${ofRow(row, totals)}: it is ${percent(row.rate ?? 0)} over generations and ${percent(row.personRate ?? 0)} averaged over ${counted(row.persons, 'person')}.`,
  );
}

/** Whether the rates of generations and of persons differ by more than two standard errors. */
export function isDrivenByFew({
  rate,
  personRate,
  variance,
}: Pick<LevelRow, 'rate' | 'personRate' | 'variance'>): boolean {
  if (rate === null || personRate === null || variance === null || !(variance > 0)) return false;
  return Math.abs(personRate - rate) > PERSONS_RATE_ERRORS_MAX * Math.sqrt(variance);
}

function charted({ trend, promptsWithTraffic, seriesLeft }: NoteFacts): string[] {
  if (!trend) return [];
  const prompts = `The trend is drawn for the ${count(TREND_PROMPTS_MAX)} prompts with the most traffic of ${count(promptsWithTraffic)}.`;
  const series = `${counted(seriesLeft, 'more trend')} by other settings ${seriesLeft === 1 ? 'is' : 'are'} not drawn: of each prompt, and of the project, those of the ${count(TREND_SERIES_MAX)} settings with the most generations are.`;
  return [...(promptsWithTraffic > TREND_PROMPTS_MAX ? [prompts] : []), ...(seriesLeft > 0 ? [series] : [])];
}
