// How far a comparison may be believed: randomised, concurrent, or before and after. Pure.
import { isRandomised } from './cell.js';

export type Tier = 'T1' | 'T2' | 'T3';

/** On such a day A had at least 5 % of what both sides had; less than half of B's generations on such days is before and after. */
export const CONCURRENT_SHARE_MIN = 0.5;

export interface TierFacts {
  /** Mature generations of B, on days on which A was shown too (at least 5 % of both), and on all. */
  readonly concurrentB: number;
  readonly allB: number;
  /** Of the generations on the days read, of both sides. */
  readonly assignments: readonly string[];
  readonly experiments: readonly string[];
  readonly armsA: readonly string[];
  readonly armsB: readonly string[];
}

/** Share of B's mature generations that lie on days of A. */
export function concurrentShare({ concurrentB, allB }: TierFacts): number {
  return allB > 0 ? concurrentB / allB : 0;
}

/** T1: every generation was put there by one randomised experiment, and no arm stands on both sides. */
export function tierOf(facts: TierFacts): Tier {
  if (concurrentShare(facts) < CONCURRENT_SHARE_MIN) return 'T3';
  const [experiment, ...others] = facts.experiments;
  const randomised =
    facts.assignments.length > 0 &&
    facts.assignments.every(isRandomised) &&
    others.length === 0 &&
    experiment !== undefined &&
    experiment !== '' &&
    !facts.armsA.some((arm) => facts.armsB.includes(arm));
  return randomised ? 'T1' : 'T2';
}

/** What the experiment assigned: the unit that all generations agree in, undefined when they do not. */
export function assignedUnit(facts: TierFacts): 'generation' | 'session' | 'user' | undefined {
  const [assignment, ...others] = facts.assignments;
  const unit = others.length === 0 ? assignment?.replace('randomised:', '') : undefined;
  return unit === 'generation' || unit === 'session' || unit === 'user' ? unit : undefined;
}
