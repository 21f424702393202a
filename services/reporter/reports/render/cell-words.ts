// Names of what a rate is of, and the words around a rate. In: parts of a report. Out: text. Pure. Must never print a rate without
// its n, nor an interval where there is none.
import { count, counted, percent } from '../../web/words.js';
import type { ReportRate } from '../report.js';

export function promptName(promptId: string): string {
  return promptId === '' ? 'Answers without a prompt' : promptId;
}

export function versionName(promptVersion: string): string {
  return promptVersion === '' ? 'no version' : `version ${promptVersion}`;
}

export function modelName({ model, modelVersion }: Pick<ReportRate, 'model' | 'modelVersion'>): string {
  return [model === '' ? 'unknown model' : model, modelVersion].filter((part) => part !== '').join(' ');
}

interface Interval {
  readonly rate: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export function rateWords({ rate }: Interval): string {
  return rate === null ? 'No rate yet' : percent(rate);
}

export function intervalWords({ rate, low, high }: Interval, persons: number): string {
  if (rate === null) return 'nothing is mature';
  if (low !== null && high !== null) return `95 % interval ${percent(low)} to ${percent(high)}`;
  return persons === 1 ? 'no interval: one person' : 'no interval: no two persons';
}

/** `652 persons` and `39 by session only`. */
export function personWords(persons: number, sessionPersons: number): string[] {
  if (sessionPersons > 0 && sessionPersons === persons) return [counted(persons, 'session'), 'no person is known'];
  return [counted(persons, 'person'), ...(sessionPersons === 0 ? [] : [`${count(sessionPersons)} by session only`])];
}

/** A part with its share, `44 (1.2 %)`; the part alone when there is no whole. */
export function partWords(part: number, whole: number): string {
  return whole === 0 ? count(part) : `${count(part)} (${percent(part / whole)})`;
}

/** `7.4 s`, `3 min 34 s`, `2 h 5 min`, `1 d 3 h`. */
export function secondsWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (seconds < 59.95) return `${Number(seconds.toFixed(1))} s`;
  if (whole < 3600) return pair(whole, 60, 'min', 1, 's');
  return whole < 86_400 ? pair(whole, 3600, 'h', 60, 'min') : pair(whole, 86_400, 'd', 3600, 'h');
}

function pair(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)} ${largeUnit}${rest === 0 ? '' : ` ${rest} ${smallUnit}`}`;
}
