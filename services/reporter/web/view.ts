// Reads what the page shows and draws its pieces. In: a project's filter. Out: pieces and choices. Readings of the same filter
// within a moment are shared, so that many open pages cost what one costs.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { VisibleProject } from '../access.js';
import { readCells, readChoices, type Cells } from '../figures/cells.js';
import type { Filter } from '../figures/filter.js';
import { readDeadLetters, readDrops, readLastStored, readRecentEvents } from '../figures/quality.js';
import type { RollupStatus } from '../rollup/run.js';
import { figuresSection } from './figures-section.js';
import { freshnessLine } from './freshness.js';
import type { Pieces } from './page.js';
import { qualitySection, type Quality } from './quality-section.js';

/** How long a reading is shared, ms. */
const SHARED_MS = 1000;
const SHARED_MAX = 500;

export interface Readings {
  readonly cells: Cells;
  readonly choices: Awaited<ReturnType<typeof readChoices>>;
  readonly quality: Quality;
}

export type Reader = (filter: Filter) => Promise<Readings>;

/** Reads everything of one view, or joins a reading of the same that has just begun. */
export function createReader(clickhouse: ClickHouse, now: () => number): Reader {
  const shared = new Map<string, { at: number; readings: Promise<Readings> }>();
  return async (filter) => {
    const key = JSON.stringify([filter.project, filter.prompt, filter.model, filter.from, filter.to]);
    const found = shared.get(key);
    if (found !== undefined && now() - found.at < SHARED_MS) return await found.readings;
    const readings = readAll(clickhouse, filter);
    shared.delete(key);
    shared.set(key, { at: now(), readings });
    // a failure is not shared with whoever asks later
    readings.catch(() => shared.delete(key));
    for (const [oldest] of shared) {
      if (shared.size <= SHARED_MAX) break;
      shared.delete(oldest);
    }
    return await readings;
  };
}

async function readAll(clickhouse: ClickHouse, filter: Filter): Promise<Readings> {
  const { project } = filter;
  const [cells, choices, drops, deadLetters, recent, lastStored] = await Promise.all([
    readCells(clickhouse, filter),
    readChoices(clickhouse, filter),
    readDrops(clickhouse, project),
    readDeadLetters(clickhouse, project),
    readRecentEvents(clickhouse, project),
    readLastStored(clickhouse, project),
  ]);
  return { cells, choices, quality: { drops, deadLetters, recent, lastStored } };
}

export interface DrawingContext {
  readonly status: RollupStatus;
  readonly scheduled: boolean;
  readonly now: number;
}

export function drawPieces(
  { cells, quality }: Readings,
  filter: Filter,
  project: VisibleProject,
  { status, scheduled, now }: DrawingContext,
): Pieces {
  return {
    freshness: freshnessLine(cells.asOf, status, scheduled, now),
    figures: figuresSection(cells, filter, { demo: /demo/i.test(project.id), everStored: quality.lastStored > 0 }),
    quality: qualitySection(quality, cells, now),
  };
}
