// Readings that are shared among all open pages, and kept as long as they cannot have changed: pages ask every few seconds, figures
// change with the roll-up only. In: a key and how to read. Out: readings. A failure is never kept.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { readLooksMark } from '../figures/comparisons.js';
import { readRollupMark } from '../figures/rollup-mark.js';

/** How long a reading is shared by all who ask at once, ms. */
export const SHARED_MS = 1000;
/** How long states of the drift watch are kept, ms: they change once a day. */
export const DRIFT_KEPT_MS = 30_000;
/** Readings that are kept of each kind. */
const KEPT_MAX = 500;

export interface Kept {
  /** As long as no roll-up changed what the project's figures say. The key must name the project and all that the reading depends on. */
  untilRollup<T>(project: string, key: string, read: () => Promise<T>): Promise<T>;
  /** As long as no look was taken at the project's comparisons. */
  untilLook<T>(project: string, key: string, read: () => Promise<T>): Promise<T>;
  /** So long, ms, whatever happens. */
  during<T>(ms: number, key: string, read: () => Promise<T>): Promise<T>;
}

interface Reading {
  readonly at: number;
  readonly mark: string;
  readonly value: Promise<unknown>;
}

/** `now`: a clock that never goes back, ms. */
export function createKept(clickhouse: ClickHouse, now: () => number): Kept {
  const readings = new Map<string, Reading>();

  function keep<T>(
    key: string,
    mark: string,
    isGood: (reading: Reading) => boolean,
    read: () => Promise<T>,
  ): Promise<T> {
    const found = readings.get(key);
    if (found !== undefined && isGood(found)) return found.value as Promise<T>;
    const value = read();
    const reading = { at: now(), mark, value };
    readings.delete(key);
    readings.set(key, reading);
    for (const oldest of readings.keys()) {
      if (readings.size <= KEPT_MAX) break;
      readings.delete(oldest);
    }
    // a failure is told to all who wait for it, and to nobody after them
    value.catch(() => readings.get(key) === reading && readings.delete(key));
    return value;
  }

  const during = async <T>(ms: number, key: string, read: () => Promise<T>): Promise<T> =>
    await keep(`during ${key}`, '', ({ at }) => now() - at < ms, read);

  /** The mark is read before the reading: what changes in between is read again next time. */
  const marked =
    (kind: string, readMark: (clickhouse: ClickHouse, project: string) => Promise<string>): Kept['untilRollup'] =>
    async (project, key, read) => {
      const mark = await during(SHARED_MS, `${kind} ${project}`, async () => await readMark(clickhouse, project));
      return await keep(`${kind} ${key}`, mark, (reading) => reading.mark === mark, read);
    };

  return { untilRollup: marked('roll-up', readRollupMark), untilLook: marked('look', readLooksMark), during };
}
