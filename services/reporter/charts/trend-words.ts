// What a trend shows, for those who do not see it. In: what is drawn. Out: sentences without markup; every rate with its n.
import type { DeploymentMark, TrendDay } from '../reports/report.js';
import { capital, shortDay } from '../comparisons/verdict-words.js';
import { count, counted, percent } from '../web/words.js';
import { openShare } from './trend-days.js';

/** Deployments that are read out; the rest is counted. */
export const NAMED_MAX = 10;

export function trendWords(title: string, days: readonly TrendDay[], deployments: readonly DeploymentMark[]): string {
  return [`${title}.`, ...rates(days), ...open(days), ...marks(deployments)].join(' ');
}

type RatedDay = TrendDay & { readonly rate: number };

function rates(days: readonly TrendDay[]): string[] {
  const first = days[0];
  const last = days.at(-1);
  if (first === undefined || last === undefined) return ['No day to show.'];
  const span =
    days.length === 1
      ? `One day, ${shortDay(first.day)}.`
      : `${counted(days.length, 'day')} from ${shortDay(first.day)} to ${shortDay(last.day)}.`;
  const rated = days.filter((day): day is RatedDay => day.rate !== null);
  const [oldest] = rated;
  const newest = rated.at(-1);
  if (oldest === undefined || newest === undefined) return [span, 'Nothing is mature, so there is no rate.'];
  if (rated.length === 1) return [span, `Rate ${point(oldest)}.`];
  const lowest = rated.reduce((low, each) => (each.rate < low.rate ? each : low));
  const highest = rated.reduce((high, each) => (each.rate > high.rate ? each : high));
  const said: string[] = [
    `First ${point(oldest)}; last ${point(newest)}; lowest ${point(lowest)}; highest ${point(highest)}.`,
  ];
  const without = days.length - rated.length;
  if (without > 0) said.push(`${counted(without, 'day')} without a rate.`);
  return [span, ...said];
}

function point({ day, rate, mature, persons }: RatedDay): string {
  return `${percent(rate)} on ${shortDay(day)} (n = ${count(mature)}, ${counted(persons, 'person')})`;
}

/** `12.0 % still open`, or the range of several days; empty when everything is final. */
export function openWords(days: readonly TrendDay[]): string {
  const shares = days.map(openShare).filter((share) => share > 0);
  if (shares.length === 0) return days.some(({ final }) => !final) ? 'not final yet' : '';
  const [least, most] = [Math.min(...shares), Math.max(...shares)].map((share) =>
    share < 0.005 ? 'under 1' : `${Math.round(100 * share)}`,
  );
  return least === most ? `${most} % still open` : `${least} to ${most} % still open`;
}

function open(days: readonly TrendDay[]): string[] {
  const from = days.find(({ final }) => !final);
  if (from === undefined) return [];
  return [`${capital(openWords(days))} from ${shortDay(from.day)} on: these rates can still change.`];
}

function marks(deployments: readonly DeploymentMark[]): string[] {
  if (deployments.length === 0) return [];
  const named = deployments.slice(0, NAMED_MAX).map(({ day, name }) => `${name} on ${shortDay(day)}`);
  const more = deployments.length - named.length;
  return [`Went live: ${named.join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}.`];
}
