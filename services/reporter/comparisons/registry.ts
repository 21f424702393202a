// The registry of comparisons: what was fixed at the first look of each. In: a connection. Out: rows by id; new rows.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { ROLLUP_SETTINGS } from '../rollup/query-settings.js';
import type { Pair } from './pair.js';

export interface Registered {
  readonly comparison_id: string;
  readonly project_id: string;
  readonly kind: Pair['kind'];
  readonly surface: string;
  readonly a: Readonly<Record<string, string>>;
  readonly b: Readonly<Record<string, string>>;
  readonly family: string;
  readonly tau: number;
  readonly alpha: number;
  readonly metric_version: string;
  /** ms. */
  readonly created_at: number;
}

export async function readRegistry(clickhouse: ClickHouse): Promise<Map<string, Registered>> {
  const rows = await clickhouse.query<Omit<Registered, 'created_at'> & { created_at: string }>(
    `SELECT comparison_id, project_id, kind, surface, r.a AS a, r.b AS b, family, tau, alpha, metric_version,
        toUnixTimestamp64Milli(r.created_at) AS created_at FROM comparisons AS r FINAL`,
    {},
    ROLLUP_SETTINGS,
  );
  return new Map(rows.map((row) => [row.comparison_id, { ...row, created_at: Number(row.created_at) }]));
}

/** Family of a project's comparisons: all of them are one report's. */
export function familyOf(projectId: string): string {
  return `${projectId}/acceptance`;
}

export async function register(
  clickhouse: ClickHouse,
  pairs: readonly { readonly pair: Pair; readonly registered: Registered }[],
): Promise<void> {
  if (pairs.length === 0) return;
  const rows = pairs.map(({ pair, registered }) => ({
    ...registered,
    prompt_id: pair.promptId,
    name_a: pair.nameA,
    name_b: pair.nameB,
  }));
  await clickhouse.insertBlock('comparisons', [Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))]);
}
