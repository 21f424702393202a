// Which prompts and models a period has, for a reader to choose from. In: a filter, of which the project and the period count. Out: pairs
// of names. Reads what the roll-up keeps: counting the persons of a period only to name its prompts would be the dearest part of a page.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';
import type { Filter } from './filter.js';
import { keptRates } from './rate-source.js';

/** At most so many pairs are offered, those with the most generations. */
export const OFFERED_MAX = 500;

export interface Offered {
  readonly prompt_id: string;
  readonly model: string;
}

export async function readOffered(clickhouse: ClickHouse, filter: Filter): Promise<readonly Offered[]> {
  const { from, params } = keptRates(filter, 'version');
  return await clickhouse.query<{ prompt_id: string; model: string }>(
    `SELECT r.prompt_id AS prompt_id, r.model AS model
FROM ${from}
GROUP BY prompt_id, model
ORDER BY sum(r.shown) DESC, prompt_id, model
LIMIT ${OFFERED_MAX}`,
    params,
    READ_SETTINGS,
  );
}
