// The figures behind an alert as lines for people: Slack and e-mail show the same. In: an alert. Out: a subject and lines.
import type { Alert } from './alert.js';

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** Characters of a name or sentence that a message shows. */
export const SHOWN_CHARS_MAX = 1500;
export const SUBJECT_CHARS_MAX = 150;

const COUNT = new Intl.NumberFormat('en-US');

function points(share: number): string {
  const text = (Math.abs(share) * 100).toFixed(1);
  return `${share < 0 && text !== '0.0' ? '−' : '+'}${text}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** One line of at most `max` characters. */
export function oneLine(text: string, max: number): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length <= max ? line : `${line.slice(0, max - 1).trimEnd()}…`;
}

/** What the message is about, for a subject line. */
export function subjectOf(alert: Alert): string {
  const about = alert.prompt === '' ? alert.project : `${alert.prompt} (${alert.project})`;
  const what =
    alert.kind === 'worse'
      ? `${alert.comparison.b} is worse than ${alert.comparison.a}`
      : 'the acceptance rate has fallen';
  return oneLine(`Tacit: ${about}: ${what}`, SUBJECT_CHARS_MAX);
}

export function factsOf(alert: Alert): Fact[] {
  const { interval } = alert;
  const level = `${Number((interval.level * 100).toFixed(2))} %`;
  const figures: Fact[] =
    alert.kind === 'worse'
      ? [
          { label: 'Difference', value: `${points(alert.comparison.difference)} points` },
          {
            label: `Interval (${level})`,
            value: `${points(interval.low)} to ${points(interval.high)} points, valid however often we look`,
          },
          {
            label: 'Rates',
            value: `${alert.comparison.a}: ${percent(alert.comparison.rateA)}, ${alert.comparison.b}: ${percent(alert.comparison.rateB)}`,
          },
        ]
      : [
          { label: 'Rate', value: `${percent(alert.drift.rate)}, before ${percent(alert.drift.baseline)}` },
          { label: `Interval (${level})`, value: `${percent(interval.low)} to ${percent(interval.high)}` },
        ];
  return [
    ...figures,
    { label: 'Generations', value: COUNT.format(alert.n) },
    { label: 'Persons', value: COUNT.format(alert.persons) },
    { label: 'Since', value: `${alert.since} (UTC)` },
    ...(alert.surface === '' ? [] : [{ label: 'Surface', value: alert.surface }]),
    { label: 'Computed', value: `${alert.asOf}, settings ${alert.metricVersion}` },
  ].map(({ label, value }) => ({ label, value: oneLine(value, SHOWN_CHARS_MAX) }));
}
