// How rates, versions and models differ from the report before. In: where they stood, where they stand. Out: sentences. Pure.
// Must never call a rate worse or better: two intervals that do not overlap are no test, and before and after is no comparison.
import { count, counted, percent } from '../../web/words.js';
import type { Standing, StandingRate } from '../standing.js';
import { listed } from './plain-sentence.js';
import { byName } from './rates.js';

/** Names in one sentence; the others are counted. */
export const NAMED_MAX = 6;

type Keys = Pick<StandingRate, 'promptId' | 'promptVersion' | 'model' | 'modelVersion' | 'metricVersion'>;

function keyOf({ promptId, promptVersion, model, modelVersion, metricVersion }: Keys): string {
  return JSON.stringify([promptId, promptVersion, model, modelVersion, metricVersion]);
}

/** Rates whose interval lies apart from the one of the last report. */
export function ratesApart(before: Standing, now: Standing): string[] {
  const known = new Map(before.rates.map((each) => [keyOf(each), each]));
  return now.rates.flatMap((each) => {
    const old = known.get(keyOf(each));
    if (old === undefined || !isApart(old, each)) return [];
    return [
      `${nameOf(each)} is outside its last interval: ${figures(each)}, in the last report ${figures(old)}. Two intervals apart are no test, and this is before and after.`,
    ];
  });
}

function isApart(a: StandingRate, b: StandingRate): boolean {
  if (a.low === null || a.high === null || b.low === null || b.high === null) return false;
  return a.high < b.low || b.high < a.low;
}

function figures({ rate, low, high, mature, persons }: StandingRate): string {
  return `${percent(rate ?? 0)} (95 % ${percent(low ?? 0)} to ${percent(high ?? 1)}, ${counted(mature, 'generation')}, ${counted(persons, 'person')})`;
}

function nameOf({ promptId, promptVersion, model, modelVersion }: Keys): string {
  const prompt = promptId === '' ? 'Answers without a prompt' : promptId;
  const version = promptVersion === '' ? '' : ` version ${promptVersion}`;
  const by = [model, modelVersion].filter((part) => part !== '').join(' ');
  return `${prompt}${version}${by === '' ? '' : ` with ${by}`}`;
}

/** Prompt versions and models that came or went. With rows left out of either report nobody knows. */
export function cellChanges(before: Standing, now: Standing): string[] {
  if (before.ratesTotal > before.rates.length || now.ratesTotal > now.rates.length)
    return ['Versions and models that came or went are not listed: there are too many combinations.'];
  const names = (of: Standing, name: (each: StandingRate) => string) =>
    new Set(of.rates.filter(({ shown }) => shown > 0).map(name));
  return [VERSION, MODEL].flatMap(({ one, many, name }) => {
    const [was, is] = [names(before, name), names(now, name)];
    const came = [...is].filter((each) => each !== '' && !was.has(each)).sort(byName);
    const went = [...was].filter((each) => each !== '' && !is.has(each)).sort(byName);
    return [
      ...(came.length === 0 ? [] : [`New in this window: ${kind(came, one, many)} ${some(came)}.`]),
      ...(went.length === 0 ? [] : [`No longer shown in this window: ${kind(went, one, many)} ${some(went)}.`]),
    ];
  });
}

const VERSION = {
  one: 'prompt version',
  many: 'prompt versions',
  name: ({ promptId, promptVersion }: StandingRate) =>
    promptVersion === '' ? '' : `${promptId} ${promptVersion}`.trim(),
};
const MODEL = {
  one: 'model',
  many: 'models',
  name: ({ model, modelVersion }: StandingRate) => (model === '' ? '' : `${model} ${modelVersion}`.trim()),
};

function kind(names: readonly string[], one: string, many: string): string {
  return names.length === 1 ? one : many;
}

function some(names: readonly string[]): string {
  const left = names.length - NAMED_MAX;
  return left > 0 ? listed([...names.slice(0, NAMED_MAX), `${count(left)} more`]) : listed(names);
}
