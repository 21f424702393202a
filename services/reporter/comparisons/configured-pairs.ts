// Pairs that the projects file names. Pure. In: cells of one project. Out: a pair per metric version of which both sides have cells.
import type { ComparisonSettings } from '../../../shared/contract/projects.js';
import type { Cell, Dimension } from './cell.js';
import { pairOf, type Pair, type PairSide, type StratumColumn } from './pair.js';

const STRATA: readonly StratumColumn[] = ['prompt_id', 'prompt_version', 'model', 'model_version', 'surface'];
/** An experiment may choose version and model itself: strata of them would compare nothing. */
const STRATA_OF_ARMS: readonly StratumColumn[] = ['prompt_id', 'surface'];

export function configuredPairs(
  cells: readonly Cell[],
  configured: ComparisonSettings['pairs'],
  projectId: string,
): Pair[] {
  const shown = cells.filter(({ mature }) => mature > 0);
  return configured.flatMap(({ a, b, nameA, nameB }) => {
    const [sideA, sideB] = [named(a), named(b)];
    const versions = (side: PairSide) =>
      new Set(shown.filter((cell) => fits(cell, side)).map(({ metric_version }) => metric_version));
    const ofB = versions(sideB);
    return [...versions(sideA)]
      .filter((version) => ofB.has(version))
      .map((metricVersion) =>
        pairOf({
          kind: 'configured',
          projectId,
          promptId: same(sideA, sideB, 'prompt_id'),
          surface: same(sideA, sideB, 'surface'),
          nameA: nameA ?? differingName(sideA, sideB),
          nameB: nameB ?? differingName(sideB, sideA),
          a: sideA,
          b: sideB,
          metricVersion,
          strata: strataOf(sideA),
        }),
      );
  });
}

function strataOf(side: PairSide): StratumColumn[] {
  const all = side.experiment === undefined && side.arm === undefined ? STRATA : STRATA_OF_ARMS;
  return all.filter((column) => side[column] === undefined);
}

function named(side: Readonly<Record<string, string | undefined>>): PairSide {
  return Object.fromEntries(Object.entries(side).filter(([, value]) => value !== undefined));
}

/** Whether a cell belongs to a side. */
export function fits(cell: Cell, side: PairSide): boolean {
  return Object.entries(side).every(([column, value]) => cell[column as Dimension] === value);
}

function same(a: PairSide, b: PairSide, column: Dimension): string {
  return a[column] !== undefined && a[column] === b[column] ? a[column] : '';
}

/** What makes this side another than the other one: `version 8`, `model m 2026-10`. */
function differingName(side: PairSide, other: PairSide): string {
  const words: Partial<Record<Dimension, string>> = { prompt_version: 'version', prompt_id: 'prompt' };
  return Object.entries(side)
    .filter(([column, value]) => other[column as Dimension] !== value)
    .map(([column, value]) => `${words[column as Dimension] ?? column.replace('_', ' ')} ${value}`)
    .join(', ');
}
