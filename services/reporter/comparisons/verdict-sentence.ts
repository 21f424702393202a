// What a comparison says, in plain sentences, whatever its state. In: a row of comparison_verdicts. Out: text without markup.
// Must never say worse or better of traffic that was not randomised, nor give a difference without its interval and persons.
import { count, counted } from '../web/words.js';
import { gateReason } from './verdict-gates.js';
import { personsLacking } from './verdict-persons.js';
import type { Verdict, VerdictRow } from './verdict-row.js';
import { capital, level, plainPoints, points, shortDay } from './verdict-words.js';

/**
 * For example: "Version 8 is accepted less often than version 7: −4.8 points (95 % −7.1 to −2.5, valid however often we look),
 * 1,312 persons. Worse since 12 Nov."
 */
export function verdictSentence(row: VerdictRow): string {
  return [OPENING[row.verdict](row), ...closing(row)].join(' ');
}

const OPENING: Readonly<Record<Verdict, (row: VerdictRow) => string>> = {
  worse: (row) => moved(row, 'worse'),
  lower: (row) => moved(row, 'worse'),
  better: (row) => moved(row, 'better'),
  higher: (row) => moved(row, 'better'),
  no_large_drop: (row) =>
    `${capital(row.name_b)} shows no drop larger than ${plainPoints(row.tau)} points against ${row.name_a}: ${figures(row)}.${aside(row)}${before(row)}`,
  not_enough_evidence: (row) => (row.flagged_since === null ? undecided(row) : faded(row, row.flagged_since)),
  cannot_compare: (row) =>
    `${capital(row.name_b)} cannot be compared with ${row.name_a}: ${reasons(row)}.${before(row)}`,
  before_after: (row) =>
    `${capital(row.name_b)} came after ${row.name_a} and hardly ran beside it, so this is before and after, not a comparison; the drift watch says whether the rate has fallen.${before(row)}`,
};

type Direction = 'worse' | 'better';

/** The interval of today lies on one side of 0, and the comparison is flagged. */
function moved(row: VerdictRow, now: Direction): string {
  const than = `accepted ${now === 'worse' ? 'less' : 'more'} often than ${row.name_a}`;
  const since = row.flagged_since === null ? '' : shortDay(row.flagged_since);
  if (row.direction !== '' && row.direction !== now)
    return `${capital(row.name_b)} was found ${word(row.direction, row)} than ${row.name_a} on ${since}; today it is ${than}: ${figures(row)}.`;
  const dated = since === '' ? '' : ` ${capital(word(now, row))} since ${since}.`;
  return `${capital(row.name_b)} is ${than}: ${figures(row)}.${dated}`;
}

/** Flagged, but the interval of today covers 0. */
function faded(row: VerdictRow, since: string): string {
  const direction = row.direction === 'better' ? 'better' : 'worse';
  return `${capital(row.name_b)}: ${word(direction, row)} than ${row.name_a} since ${shortDay(since)}; today’s interval includes 0: ${figures(row)}.`;
}

function undecided(row: VerdictRow): string {
  const lacking = personsLacking(row);
  const needed =
    lacking === undefined || lacking === 0
      ? `more persons are needed to see a drop of ${plainPoints(row.tau)} points`
      : `about ${count(lacking)} more ${lacking === 1 ? 'person is' : 'persons are'} needed to see a drop of ${plainPoints(row.tau)} points`;
  return `Not enough evidence yet about ${row.name_b} against ${row.name_a}: ${figures(row)}; ${needed}.${aside(row)}`;
}

/** An interval that leaves out 0 without a flag: alone it would be called, together with the others not yet. */
function aside(row: VerdictRow): string {
  if (row.flagged_since !== null || row.low === null || row.high === null) return '';
  if (row.low <= 0 && row.high >= 0) return '';
  const among =
    row.family_size > 1 ? `among ${count(row.family_size)} comparisons watched together` : 'at the level of alerts';
  const verdict = word(row.high < 0 ? 'worse' : 'better', row);
  return ` Its own interval leaves out 0; ${among} that is not yet enough to say ${verdict}.`;
}

function reasons(row: VerdictRow): string {
  const said = row.gates.map((code) => gateReason(code, row));
  return said.length === 0 ? 'there is no spread between persons to judge by' : said.join('; ');
}

function before({ flagged_since: since, direction, ...row }: VerdictRow): string {
  return since === null || direction === '' ? '' : ` It was found ${word(direction, row)} on ${shortDay(since)}.`;
}

function closing(row: VerdictRow): string[] {
  if (row.verdict === 'cannot_compare' || row.verdict === 'before_after') return [];
  const others =
    row.flagged_since !== null && row.live === 1 && row.family_size > 1
      ? [`One of ${count(row.family_flagged)} flagged among ${count(row.family_size)} comparisons watched together.`]
      : [];
  return row.tier === 'T1' ? others : [...others, 'Not randomised: other causes are possible.'];
}

/** Only randomised traffic is worse or better. */
function word(direction: Direction, { tier }: Pick<VerdictRow, 'tier'>): string {
  if (tier === 'T1') return direction;
  return direction === 'worse' ? 'lower' : 'higher';
}

function figures(row: VerdictRow): string {
  const persons = counted(row.persons, 'person');
  if (row.low === null || row.high === null) return persons;
  return `${points(row.difference)} points (${level(row.alpha_used)} ${points(row.low)} to ${points(row.high)}, valid however often we look), ${persons}`;
}
