// Rows of the tables that a report reads, put there by hand: what each says is known exactly. In: a server, rows with what differs.
// Days are counted back from the first day after the window.
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import { hourRates } from './hour-rates.js';
import { ndjson } from './random-events.js';

const DAY_MS = 86_400_000;

export const TABLES_PROJECT = 'filled';
const METRIC = 'm-1';

export interface Calendar {
  /** UTC day, YYYY-MM-DD, so many days before the end of the window. */
  readonly day: (before: number) => string;
  /** The same as an instant of ClickHouse, at that hour. */
  readonly at: (before: number, hour: number) => string;
}

/** `slot`: ms. */
export function calendarOf(slot: number): Calendar {
  const end = Math.floor(slot / DAY_MS) * DAY_MS;
  const time = (before: number, hour = 0) => new Date(end - before * DAY_MS + hour * 3_600_000).toISOString();
  return {
    day: (before) => time(before).slice(0, 10),
    at: (before, hour) => time(before, hour).slice(0, 23).replace('T', ' '),
  };
}

type Row = Record<string, unknown>;

async function insert(clickhouse: ClickHouse, table: string, rows: readonly Row[], common: Row): Promise<void> {
  await clickhouse.insertBlock(table, [ndjson(rows.map((row) => ({ project_id: TABLES_PROJECT, ...common, ...row })))]);
}

/** Persons of `user_days`: each row is one person's day; and what `rates` says of them. */
export async function insertPersons(clickhouse: ClickHouse, rows: readonly Row[]): Promise<void> {
  const cell = { trusted: 1, metric_version: METRIC, surface: '' };
  await insert(clickhouse, 'user_days', rows, { ...cell, user_kind: 'user', experiment: '', arm: '', assignment: '' });
  await insert(clickhouse, 'rates', hourRates(rows), cell);
}

/** Rows of `rate_days` at any level. */
export async function insertRateDays(clickhouse: ClickHouse, rows: readonly Row[]): Promise<void> {
  const keys = { prompt_id: '', prompt_version: '', model: '', model_version: '', surface: '', trusted: 0 };
  const figures = { rate: 0.4, low: 0.3, high: 0.5, mature: 90, persons: 30, shown: 100, unresolved: 5 };
  await insert(clickhouse, 'rate_days', rows, { ...keys, ...figures, metric_version: METRIC });
}

export async function insertSignals(clickhouse: ClickHouse, rows: readonly Row[]): Promise<void> {
  const cell = { prompt_version: '8', model: 'm', model_version: '1', surface: '', trusted: 1, metric_version: METRIC };
  await insert(clickhouse, 'signal_days', rows, { ...cell, retained: 0, value_sum: 0 });
}

export async function insertComparison(clickhouse: ClickHouse, row: Row, looks: readonly Row[]): Promise<void> {
  const shared = { family: TABLES_PROJECT, metric_version: METRIC, tau: 0.05, alpha: 0.05 };
  await insert(clickhouse, 'comparisons', [row], { kind: 'prompt_version', surface: '', a: {}, b: {}, ...shared });
  const sides = { n_a: 4000, n_b: 4000, persons_a: 600, persons_b: 610, persons: 1200, rate_a: 0.4, rate_b: 0.3 };
  const look = { comparison_id: row['comparison_id'], tier: 'T1', gates: [], warnings: [], figures: {}, strata: 1 };
  await insert(clickhouse, 'comparison_looks', looks, { ...shared, ...sides, ...look });
}

export async function insertFall(clickhouse: ClickHouse, row: Row): Promise<void> {
  const watch = { prompt_version: '', surface: '', metric_version: METRIC, state: 'fallen', weekdays: [], watched: 2 };
  const figures = { n: 1204, persons: 312, rate: 0.31, standard_error: 0.01, baseline: 0.36, baseline_days: 28 };
  await insert(clickhouse, 'drift_looks', [row], { ...watch, ...figures, sigma: 1, z: -3, cusum: 12, threshold: 10.2 });
}
