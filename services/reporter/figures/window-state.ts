// How far the windows are that the roll-up keeps. In: a filter. Out: whether the figures of its period are there, and up to which day.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';
import { addDays, type Filter } from './filter.js';
import { WINDOW_DAYS } from './rate-source.js';

export type WindowState =
  /** No window: the period is counted from its days. */
  | { readonly kind: 'none' }
  /** The roll-up has never computed it. */
  | { readonly kind: 'missing' }
  /** `lastDay`: the last day in it; `behind`: it is not the period's. */
  | { readonly kind: 'kept'; readonly lastDay: string; readonly behind: boolean };

export async function readWindowState(clickhouse: ClickHouse, { period, to }: Filter): Promise<WindowState> {
  const window = period === undefined ? undefined : WINDOW_DAYS[period];
  if (window === undefined) return { kind: 'none' };
  const [row] = await clickhouse.query<{ to_day: string }>(
    `SELECT toString(to_day) AS to_day FROM rollup_windows FINAL WHERE window_days = {window:UInt16}`,
    { window },
    READ_SETTINGS,
  );
  if (row === undefined) return { kind: 'missing' };
  return { kind: 'kept', lastDay: addDays(row.to_day, -1), behind: row.to_day < to };
}
