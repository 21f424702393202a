// A difference that is looked at once. In: difference, standard error by persons, and their number. Out: an interval and a
// p-value. Must never be used for what is looked at daily: with 30 looks it cries wolf in a quarter of all cases.
import { around, type Interval } from './interval.js';
import { criticalT, twoSidedTP } from './student-t.js';

/** D plus and minus t_(J-2) se; undefined with fewer than three persons or no standard error. */
export function fixedLookInterval(
  difference: number,
  standardError: number,
  persons: number,
  confidence = 0.95,
): Interval | undefined {
  if (persons < 3 || !(standardError > 0)) return undefined;
  return around(difference, criticalT(1 - confidence, persons - 2) * standardError);
}

/** Two-sided p of no difference, by t with J - 2 degrees of freedom; undefined as above. */
export function fixedLookP(difference: number, standardError: number, persons: number): number | undefined {
  if (persons < 3 || !(standardError > 0)) return undefined;
  return twoSidedTP(difference / standardError, persons - 2);
}
