// Brings a ClickHouse to the schema of infra/clickhouse/migrations: each file once, in order, one runner at a time.
// In: a connection of the migrator. Out: the files applied. Must never apply a file whose text was changed after it had been applied.
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { createClickHouse, type ClickHouse, type ClickHouseConnection } from '../../shared/runtime/clickhouse.js';
import { StartError } from '../../shared/runtime/errors.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { sleep } from '../../shared/runtime/retry.js';
import { fillMacros, splitStatements } from './sql-file.js';
import { takeLease, type TableLease } from './table-lease.js';
import { workDatabase } from './users.js';

export const MIGRATIONS_FOLDER = path.join(projectRoot, 'infra', 'clickhouse', 'migrations');
const LEASE = 'migrate';

export interface MigrateOptions {
  /** Name of a cluster: tables become Replicated and statements run on all of it. Absent for one server. */
  readonly cluster?: string | undefined;
  readonly folder?: string;
  /** How long a runner that stops without a word keeps the others out, ms. */
  readonly leaseMs?: number;
  /** How long to wait for another runner, ms. */
  readonly waitMs?: number;
  readonly onApplied?: (name: string) => void;
  /** No other runner can exist, since the caller holds the only server: a lease left by a killed one is not waited for. */
  readonly alone?: boolean;
}

export interface Migration {
  readonly name: string;
  readonly checksum: string;
  readonly statements: readonly string[];
}

/** Applies what is missing and answers its names. Throws StartError when a file was changed or is gone after it had been applied. */
export async function migrate(
  connection: ClickHouseConnection,
  options: MigrateOptions = {},
): Promise<readonly string[]> {
  const { database } = connection;
  const work = workDatabase(database);
  const onCluster = clusterClause(options.cluster);
  const migrations = await readMigrations(connection, options);
  // the database may not be there yet, so no session can be in it; a statement here holds no secret
  const clickhouse = createClickHouse({ ...connection, database: 'system' }, { serverMessages: true });
  try {
    await clickhouse.command(`CREATE DATABASE IF NOT EXISTS ${database}${onCluster}`);
    await clickhouse.command(`CREATE DATABASE IF NOT EXISTS ${work}${onCluster}`);
    await clickhouse.command(ledgerTable(database, options.cluster));
    if ((await missingOf(clickhouse, database, migrations)).length === 0) return [];
    const lease = options.alone === true ? ALONE : await waitForLease(clickhouse, work, options);
    try {
      return await applyMissing(clickhouse, database, migrations, lease, options);
    } finally {
      await lease.release();
    }
  } finally {
    await clickhouse.close();
  }
}

/** What stands for a lease where nobody else can be. */
const ALONE: TableLease = { renew: async () => true, release: async () => undefined };

async function waitForLease(
  clickhouse: ClickHouse,
  work: string,
  { leaseMs = 60_000, waitMs = 120_000 }: MigrateOptions,
): Promise<TableLease> {
  const until = performance.now() + waitMs;
  for (;;) {
    const lease = await takeLease(clickhouse, work, LEASE, leaseMs);
    if (lease !== undefined) return lease;
    if (performance.now() > until)
      throw new StartError('Another migration of this database has been running for too long.');
    await sleep(200);
  }
}

async function applyMissing(
  clickhouse: ClickHouse,
  database: string,
  migrations: readonly Migration[],
  lease: TableLease,
  { onApplied }: MigrateOptions,
): Promise<readonly string[]> {
  const done: string[] = [];
  for (const migration of await missingOf(clickhouse, database, migrations)) {
    for (const statement of migration.statements) {
      if (!(await lease.renew())) throw new StartError('Another migration took over; this one stopped.');
      await clickhouse.command(statement);
    }
    const { name, checksum } = migration;
    await clickhouse.command(
      `INSERT INTO ${database}.schema_migrations (name, checksum) SELECT {name:String}, {checksum:String}`,
      { name, checksum },
    );
    done.push(name);
    onApplied?.(name);
  }
  return done;
}

/** Those not applied yet. Throws StartError when an applied one was changed or is gone. */
async function missingOf(
  clickhouse: ClickHouse,
  database: string,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const rows = await clickhouse.query<{ name: string; checksum: string }>(
    `SELECT name, argMin(checksum, applied_at) AS checksum FROM ${database}.schema_migrations GROUP BY name`,
  );
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  checkApplied(applied, migrations);
  return migrations.filter(({ name }) => !applied.has(name));
}

/** What was applied must still be here, unchanged. A file of a newer version of the program stops an older one. */
function checkApplied(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const files = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  for (const [name, checksum] of applied) {
    const file = files.get(name);
    if (file === undefined) throw new StartError(`Migration ${name} was applied to this database but is not here.`);
    if (file !== checksum)
      throw new StartError(`Migration ${name} was changed after it had been applied: add a new one instead.`);
  }
}

/** The files in the order of their numbers. The checksum is that of the text as it lies there, before macros. */
export async function readMigrations(
  { database, user }: Pick<ClickHouseConnection, 'database' | 'user'>,
  options: MigrateOptions = {},
): Promise<readonly Migration[]> {
  const folder = options.folder ?? MIGRATIONS_FOLDER;
  const macros = {
    database,
    work: workDatabase(database),
    migrator: user, // as whom the materialized views run
    on_cluster: clusterClause(options.cluster),
    replicated: options.cluster === undefined ? '' : 'Replicated',
  };
  const files = (await readdir(folder)).filter((file) => /^\d{3}_\w+\.sql$/.test(file)).sort();
  return await Promise.all(
    files.map(async (file) => {
      const text = await readFile(path.join(folder, file), 'utf8');
      return {
        name: file.replace(/\.sql$/, ''),
        checksum: createHash('sha256').update(text).digest('hex'),
        statements: splitStatements(fillMacros(text, macros)),
      };
    }),
  );
}

function clusterClause(cluster: string | undefined): string {
  return cluster === undefined ? '' : ` ON CLUSTER '${cluster}'`;
}

function ledgerTable(database: string, cluster: string | undefined): string {
  return `CREATE TABLE IF NOT EXISTS ${database}.schema_migrations${clusterClause(cluster)}
(
    name       String COMMENT 'File without its ending.',
    checksum   FixedString(64) COMMENT 'SHA-256 of the file.',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When all its statements had run.'
)
ENGINE = ${cluster === undefined ? '' : 'Replicated'}MergeTree ORDER BY (name, applied_at)
COMMENT 'Ledger of the migrations applied.'`;
}
