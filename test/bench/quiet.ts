// A ClickHouse of the benchmark: emptied before a pass and waited for after it. In: a test server. Out: nothing.
// What an insert leaves to be merged is part of its cost: a pass ends only when the server has nothing left to merge.
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import { sleep } from '../../shared/runtime/retry.js';
import type { TestClickHouse } from '../support/clickhouse.js';

const TABLES = ['events', 'generations', 'dirty_days'];
const LOOK_MS = 250;
/** Looks in a row that find nothing. */
const QUIET_LOOKS = 3;

/** `migrator`: only its account sees the server's merges. */
export async function quiet(migrator: ClickHouse): Promise<void> {
  for (let looks = 0; looks < QUIET_LOOKS;) {
    const [row] = await migrator.query<{ merges: string }>('SELECT count() AS merges FROM system.merges');
    looks = Number(row?.merges ?? 0) === 0 ? looks + 1 : 0;
    await sleep(LOOK_MS);
  }
}

export async function emptied({ migrator }: TestClickHouse): Promise<void> {
  for (const table of TABLES) await migrator.command(`TRUNCATE TABLE ${table}`);
  await quiet(migrator);
}
