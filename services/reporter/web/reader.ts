// Reads what one view of the page needs, and reads no more than it must: pages ask every few seconds, figures change with the
// roll-up only. In: a filter. Out: readings. Readings of the same filter within a moment are shared among all open pages.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { readTargetStates } from '../alerts/ledger.js';
import { readDriftStates, type DriftState } from '../drift/drift-state.js';
import { readCells, readChoices, type Cells } from '../figures/cells.js';
import { readComparisons, readLooksMark, type Comparisons } from '../figures/comparisons.js';
import type { Filter } from '../figures/filter.js';
import { readDeadLetters, readDrops, readLastStored, readRecentEvents } from '../figures/quality.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';
import type { Quality } from './quality-section.js';

/** How long a reading is shared, ms. */
const SHARED_MS = 1000;
/** How long states of the drift watch are kept, ms: they change once a day. */
const DRIFT_KEPT_MS = 30_000;
/** Filters whose figures are kept. */
const KEPT_MAX = 200;

type Choices = Awaited<ReturnType<typeof readChoices>>;

export interface Readings {
  readonly cells: Cells;
  readonly choices: Choices;
  readonly comparisons: Comparisons;
  readonly drift: readonly DriftState[];
  readonly quality: Quality;
}

export type Reader = (filter: Filter) => Promise<Readings>;

interface Figures {
  readonly ledger: string;
  readonly cells: Cells;
  readonly choices: Choices;
}

export function createReader(clickhouse: ClickHouse, now: () => number): Reader {
  const shared = new Map<string, { at: number; readings: Promise<Readings> }>();
  const kept = new Map<string, Figures>();
  const looked = new Map<string, { mark: string; comparisons: Comparisons }>();
  const watched = new Map<string, { at: number; states: Promise<DriftState[]> }>();

  /** Figures of a filter, as long as no day was rolled up since they were read. */
  async function figuresOf(key: string, filter: Filter): Promise<Figures> {
    // read before the figures: a day that is swapped in between is read again next time
    const ledger = await readLedger(clickhouse);
    const found = kept.get(key);
    if (found?.ledger === ledger) return found;
    const [cells, choices] = await Promise.all([readCells(clickhouse, filter), readChoices(clickhouse, filter)]);
    const figures = { ledger, cells, choices };
    keep(kept, key, figures);
    return figures;
  }

  /** Comparisons of a filter, as long as no look was taken since they were read. */
  async function comparisonsOf({ project, prompt }: Filter): Promise<Comparisons> {
    const key = JSON.stringify([project, prompt]);
    const mark = await readLooksMark(clickhouse, project);
    const found = looked.get(key);
    if (found?.mark === mark) return found.comparisons;
    const comparisons = await readComparisons(clickhouse, { project, prompt });
    keep(looked, key, { mark, comparisons });
    return comparisons;
  }

  async function driftOf({ project, prompt = '' }: Filter): Promise<DriftState[]> {
    const key = JSON.stringify([project, prompt]);
    const found = watched.get(key);
    if (found !== undefined && now() - found.at < DRIFT_KEPT_MS) return await found.states;
    const states = readDriftStates(clickhouse, project, prompt);
    keep(watched, key, { at: now(), states });
    states.catch(() => watched.delete(key));
    return await states;
  }

  async function read(key: string, filter: Filter): Promise<Readings> {
    const { project } = filter;
    const [{ cells, choices }, comparisons, drift, drops, deadLetters, recent, lastStored, alerts] = await Promise.all([
      figuresOf(key, filter),
      comparisonsOf(filter),
      driftOf(filter),
      readDrops(clickhouse, project),
      readDeadLetters(clickhouse, project),
      readRecentEvents(clickhouse, project),
      readLastStored(clickhouse, project),
      readTargetStates(clickhouse, [project]),
    ]);
    return { cells, choices, comparisons, drift, quality: { drops, deadLetters, recent, lastStored, alerts } };
  }

  return async (filter) => {
    const key = JSON.stringify([filter.project, filter.prompt, filter.model, filter.from, filter.to]);
    const found = shared.get(key);
    if (found !== undefined && now() - found.at < SHARED_MS) return await found.readings;
    const readings = read(key, filter);
    keep(shared, key, { at: now(), readings });
    // a failure is not shared with whoever asks later
    readings.catch(() => shared.delete(key));
    return await readings;
  };
}

/** Puts an entry last and lets the oldest go. */
function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= KEPT_MAX) break;
    map.delete(oldest);
  }
}

/** Changes with every finished roll-up. */
async function readLedger(clickhouse: ClickHouse): Promise<string> {
  const [row] = await clickhouse.query<{ ledger: string }>(
    `SELECT concat(toString(max(at)), ' ', toString(sum(cityHash64(day, as_of)))) AS ledger FROM rollup_days FINAL`,
    {},
    READ_SETTINGS,
  );
  return row?.ledger ?? '';
}
