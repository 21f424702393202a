// Which cells belong to which side of which pair, and in which stratum. Pure. In: pairs, cells. Out: rows of the members table.
import { isRandomised, type Cell, type Dimension } from './cell.js';
import { isLive } from './find-pairs.js';
import { groupBy, type Pair, type PairSide } from './pair.js';

export interface Member {
  readonly cell: string;
  readonly metric_version: string;
  readonly span_s: number;
  /** Number of the comparison in this look. */
  readonly c: number;
  /** 0: A, 1: B. */
  readonly side: 0 | 1;
  /** Number of the stratum within its comparison, before weeks. */
  readonly stratum: number;
}

/** Live pairs in the order of their numbers, with their members. */
export interface Matched {
  readonly pairs: readonly Pair[];
  readonly members: readonly Member[];
}

export function matchPairs(pairs: readonly Pair[], cells: readonly Cell[]): Matched {
  const newest = new Map<string, string>();
  for (const { project_id, last_day } of cells)
    if (last_day > (newest.get(project_id) ?? '')) newest.set(project_id, last_day);
  const find = cellFinder(cells);
  const matched: { pairs: Pair[]; members: Member[] } = { pairs: [], members: [] };
  for (const pair of pairs) {
    const [a, b] = [find(pair, pair.a), find(pair, pair.b)];
    if (!isLive(pair, newest.get(pair.projectId) ?? '', lastDay(a), lastDay(b))) continue;
    const c = matched.pairs.push(pair) - 1;
    const strata = new Map<string, number>();
    for (const [side, own] of [a, b].entries())
      for (const cell of own) {
        const name = JSON.stringify(pair.strata.map((column) => cell[column]));
        const stratum = strata.get(name) ?? strata.size;
        strata.set(name, stratum);
        matched.members.push({
          cell: cell.cell,
          metric_version: cell.metric_version,
          span_s: cell.span_s,
          c,
          side: side === 0 ? 0 : 1,
          stratum,
        });
      }
  }
  return matched;
}

/** Newest day with mature generations, empty without one. */
function lastDay(cells: readonly Cell[]): string {
  return cells.reduce((last, { last_day, mature }) => (mature > 0 && last_day > last ? last_day : last), '');
}

/** Looks cells up by the columns that a side names; one index for each set of columns. */
function cellFinder(cells: readonly Cell[]): (pair: Pair, side: PairSide) => readonly Cell[] {
  const indexes = new Map<string, Map<string, Cell[]>>();
  return (pair, side) => {
    const columns = (Object.keys(side) as Dimension[]).sort();
    const key = (of: PairSide, project: string, version: string) =>
      JSON.stringify([project, version, ...columns.map((column) => of[column])]);
    const name = columns.join();
    const index = indexes.get(name) ?? groupBy(cells, (cell) => key(cell, cell.project_id, cell.metric_version));
    indexes.set(name, index);
    const found = index.get(key(side, pair.projectId, pair.metricVersion)) ?? [];
    return pair.kind === 'experiment' ? found.filter(({ assignment }) => isRandomised(assignment)) : found;
  };
}
