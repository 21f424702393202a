// What a watch says, in one plain sentence. In: a row of `drift_states`. Out: text without markup.
// Must never sound like a comparison of two versions: before and after is no control.
import { count, counted, percent } from '../web/words.js';
import type { DriftState } from './drift-state.js';

const DAY_MS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/**
 * The sentence of a watch, whatever its state. For example: "summarise has fallen since 3 Nov, the day version 8 went live:
 * 31.2 % (1,204 generations, 312 persons) against 36.0 % in the 28 days from 6 Oct to 2 Nov; not a comparison."
 */
export function driftSentence(row: DriftState): string {
  const subject = subjectOf(row);
  if (row.state === 'fallen')
    return `${subject} has fallen since ${shortDay(row.since ?? row.day)}${deploymentWords(row)}: ${figures(row)} against ${baselineWords(row)}; not a comparison.`;
  if (row.state === 'steady')
    return `${subject} is steady up to ${shortDay(row.day)}: ${figures(row)}${periodWords(row)} against ${baselineWords(row)}; no fall is seen.`;
  return `${subject} is still collecting: ${neededWords(row)} before a fall could be seen; ${figures(row)}${periodWords(row)}.`;
}

/** `summarise`, `summarise version 8 on editor`, `Answers without a prompt`. */
export function subjectOf({ prompt_id, prompt_version, surface }: DriftState): string {
  const prompt = prompt_id === '' ? 'The rate of answers without a prompt' : prompt_id;
  const version = prompt_version === '' ? '' : ` version ${prompt_version}`;
  return `${prompt}${version}${surface === '' ? '' : ` on ${surface}`}`;
}

function deploymentWords({ since, day, deployment, deployed_on }: DriftState): string {
  if (deployment === '' || deployed_on === null) return '';
  const days = (Date.parse(since ?? day) - Date.parse(deployed_on)) / DAY_MS;
  if (days === 0) return `, the day ${deployment} went live`;
  return `, ${counted(Math.abs(days), 'day')} ${days > 0 ? 'after' : 'before'} ${deployment} went live`;
}

function figures({ n, persons, rate }: DriftState): string {
  if (n === 0) return 'nothing is final yet';
  return `${percent(rate)} (${counted(n, 'generation')}, ${counted(persons, 'person')})`;
}

function periodWords({ n, from_day, day }: DriftState): string {
  if (n === 0) return '';
  const days = 1 + (Date.parse(day) - Date.parse(from_day)) / DAY_MS;
  return days === 1 ? ` on ${shortDay(day)}` : ` in the last ${count(days)} days`;
}

function baselineWords({ baseline, baseline_days, baseline_from, baseline_to }: DriftState): string {
  const span =
    baseline_from === null || baseline_to === null
      ? ''
      : ` from ${shortDay(baseline_from)} to ${shortDay(baseline_to)}`;
  return `${percent(baseline)} in the ${counted(baseline_days, 'day')}${span}`;
}

function neededWords({ days_needed, persons_needed }: DriftState): string {
  const days = counted(days_needed, 'more day', 'more days');
  return `${days} of enough people, at least ${counted(persons_needed, 'person')} in all, ${days_needed === 1 ? 'is' : 'are'} needed`;
}

/** `3 Nov`. In: YYYY-MM-DD. */
function shortDay(day: string): string {
  return `${Number(day.slice(8, 10))} ${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''}`;
}
