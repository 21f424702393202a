// What a stage hands back: ratios to its floor first, then the figures they come from, and what has to be said beside them.
import { ratiosOf, spreadOf, type Spread } from './measure.js';

/** What is to be reached; nothing fails when it is not. */
export type Target = { readonly atMost: number } | { readonly atLeast: number };

export interface Ratio {
  readonly name: string;
  readonly value: Spread;
  readonly target?: Target;
}

export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly product: Spread;
  readonly floor?: Spread;
  /** For what is measured itself, where that is to be reached and not a ratio. */
  readonly target?: Target;
}

export interface StageReport {
  readonly stage: string;
  /** What the floor does, and so what the ratio holds against the product. */
  readonly floor: string;
  readonly ratios: readonly Ratio[];
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
}

/** A figure that both sides have, one value per repetition. */
export function figure(
  name: string,
  unit: string,
  product: readonly number[],
  floor?: readonly number[],
  target?: Target,
): Figure {
  return {
    name,
    unit,
    product: spreadOf(product),
    ...(floor === undefined ? {} : { floor: spreadOf(floor) }),
    ...(target === undefined ? {} : { target }),
  };
}

export function ratio(name: string, product: readonly number[], floor: readonly number[], target?: Target): Ratio {
  return { name, value: ratiosOf(product, floor), ...(target === undefined ? {} : { target }) };
}

/** Whether the median reaches the target; undefined where there is none. */
export function reaches(value: Spread, target: Target | undefined): boolean | undefined {
  if (target === undefined) return undefined;
  return 'atMost' in target ? value.median <= target.atMost : value.median >= target.atLeast;
}
