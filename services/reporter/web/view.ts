// Draws the pieces of the page from readings. In: readings of a project's filter, what the roll-up last did. Out: pieces.
import { targetKey } from '../../../shared/contract/alert-targets.js';
import type { VisibleProject } from '../access.js';
import type { Filter } from '../figures/filter.js';
import type { RollupStatus } from '../rollup/run.js';
import { comparisonSection } from './comparison-section.js';
import { driftSection } from './drift-section.js';
import { figuresSection } from './figures-section.js';
import { freshnessLine } from './freshness.js';
import type { Pieces } from './page.js';
import { qualitySection } from './quality-section.js';
import type { Readings } from './reader.js';

export interface DrawingContext {
  readonly status: RollupStatus;
  /** Whether roll-ups are scheduled in this process. */
  readonly scheduled: boolean;
  readonly now: number;
}

export function drawPieces(
  { cells, comparisons, drift, quality }: Readings,
  filter: Filter,
  project: VisibleProject,
  { status, scheduled, now }: DrawingContext,
): Pieces {
  return {
    freshness: freshnessLine(cells.asOf, status, scheduled, now),
    figures: figuresSection(cells, filter, { demo: /demo/i.test(project.id), everStored: quality.lastStored > 0 }),
    comparisons: comparisonSection(comparisons, project.id),
    drift: driftSection(drift),
    quality: qualitySection(quality, cells, project.alerts.targets.map(targetKey), now),
  };
}
