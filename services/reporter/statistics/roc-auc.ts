// How well a score ranks those with a label above those without. In: labels and scores. Out: the area under the ROC curve
// with DeLong's interval, valid with one generation per person only; else the bootstrap over persons.
import { around, cut, type Interval } from './interval.js';
import { criticalZ } from './normal.js';

export interface RocAuc {
  readonly auc: number;
  /** undefined when a class has one member only. */
  readonly standardError: number | undefined;
  readonly interval: Interval | undefined;
}

/** Number of `sorted` that are below `limit`, or not above it. */
function countBelow(sorted: readonly number[], limit: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle] as number;
    if (value < limit || (orEqual && value === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** For each value its place among `others`: the share of them below it, equal ones counting half. */
function placements(values: readonly number[], others: readonly number[]): number[] {
  const sorted = [...others].sort((a, b) => a - b);
  return values.map(
    (value) => (countBelow(sorted, value, false) + countBelow(sorted, value, true)) / 2 / sorted.length,
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function varianceOfMean(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1) / values.length;
}

/** Source: DeLong, DeLong and Clarke-Pearson 1988. `labels[i]` is 1 or 0. undefined with one class only. */
export function rocAuc(labels: readonly number[], scores: readonly number[], confidence = 0.95): RocAuc | undefined {
  const positive = scores.filter((_, index) => labels[index] === 1);
  const negative = scores.filter((_, index) => labels[index] !== 1);
  if (positive.length === 0 || negative.length === 0) return undefined;
  const ofPositive = placements(positive, negative);
  const auc = mean(ofPositive);
  if (positive.length < 2 || negative.length < 2) return { auc, standardError: undefined, interval: undefined };
  const ofNegative = placements(negative, positive);
  const standardError = Math.sqrt(varianceOfMean(ofPositive) + varianceOfMean(ofNegative));
  return { auc, standardError, interval: cut(around(auc, criticalZ(1 - confidence) * standardError), 0, 1) };
}
