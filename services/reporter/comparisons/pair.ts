// A pair of versions to be compared, and its stable id. Pure.
import { createHash } from 'node:crypto';
import type { Dimension } from './cell.js';

export type PairKind = 'prompt_version' | 'model_version' | 'experiment' | 'configured';

/** Which generations are one side: column of `user_days` -> value. */
export type PairSide = Readonly<Partial<Record<Dimension, string>>>;

/** The columns within which two sides are compared, besides the week. */
export type StratumColumn = Extract<Dimension, 'prompt_id' | 'prompt_version' | 'model' | 'model_version' | 'surface'>;

export interface Pair {
  readonly id: string;
  readonly kind: PairKind;
  readonly projectId: string;
  /** Empty when it goes across prompts. */
  readonly promptId: string;
  /** Empty when it goes across surfaces. */
  readonly surface: string;
  readonly nameA: string;
  readonly nameB: string;
  readonly a: PairSide;
  readonly b: PairSide;
  readonly metricVersion: string;
  readonly strata: readonly StratumColumn[];
}

const ID_HEX_CHARS = 20;

/** The pair with its id: the same for the same kind, project, prompt, surface, sides and metric version, in whatever order. */
export function pairOf(pair: Omit<Pair, 'id'>): Pair {
  const side = (columns: PairSide) => Object.entries(columns).sort(([x], [y]) => (x < y ? -1 : 1));
  const digest = createHash('sha256').update(
    JSON.stringify([
      pair.kind,
      pair.projectId,
      pair.promptId,
      pair.surface,
      side(pair.a),
      side(pair.b),
      pair.metricVersion,
    ]),
  );
  return { ...pair, id: digest.digest('hex').slice(0, ID_HEX_CHARS) };
}

/** Order of names in which people read them: 9 before 10. */
export function compareNames(x: string, y: string): number {
  return NATURAL.compare(x, y) || (x < y ? -1 : x > y ? 1 : 0);
}

const NATURAL = new Intl.Collator('en', { numeric: true });

/** Items by a key, in the order in which the keys came. */
export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const of = key(item);
    const group = groups.get(of);
    if (group === undefined) groups.set(of, [item]);
    else group.push(item);
  }
  return groups;
}
