// Interval of the difference of two rates when persons are not known. In: counts. Out: B minus A inside [-1, 1], sound for
// small numbers and for rates of 0 and 1. Too narrow when persons repeat.
import type { Interval } from './interval.js';
import type { Proportion } from './two-proportions.js';
import { wilson } from './wilson.js';

/** Both Wilson intervals combined. Source: Newcombe 1998, method 10. undefined when an arm has no trials. */
export function newcombe(a: Proportion, b: Proportion, confidence = 0.95): Interval | undefined {
  const [ofA, ofB] = [wilson(a.x, a.n, confidence), wilson(b.x, b.n, confidence)];
  if (ofA === undefined || ofB === undefined) return undefined;
  const [pA, pB] = [a.x / a.n, b.x / b.n];
  return {
    low: pB - pA - Math.hypot(pB - ofB.low, ofA.high - pA),
    high: pB - pA + Math.hypot(ofB.high - pB, pA - ofA.low),
  };
}
