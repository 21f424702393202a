// Migrations on the real server: once each, in order, unchanged, by one runner, safe to run again after a crash.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { MIGRATIONS_FOLDER, migrate, readMigrations } from '../../infra/clickhouse/migrate.js';
import { takeLease } from '../../infra/clickhouse/table-lease.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { createClickHouse, type ClickHouseConnection } from '../../shared/runtime/clickhouse.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';

let clickhouse: TestClickHouse;
let connection: ClickHouseConnection;
let folder: string;

beforeAll(async () => {
  clickhouse = await startTestClickHouse({ migrated: false });
  connection = clickhouse.connections.migrator;
});
afterAll(async () => {
  await clickhouse.stop();
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tacit-migrations-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  const admin = createClickHouse({ ...connection, database: 'system' });
  for (const database of ['tacit', 'tacit_work']) await admin.command(`DROP DATABASE IF EXISTS ${database} SYNC`);
  await admin.close();
});

const names = async () => (await readdir(MIGRATIONS_FOLDER)).map((file) => file.replace('.sql', '')).sort();
const ledger = async () =>
  await clickhouse.migrator.query<{ name: string; n: string }>(
    'SELECT name, count() AS n FROM tacit.schema_migrations GROUP BY name ORDER BY name',
  );
const file = async (name: string, text: string) => await writeFile(path.join(folder, name), text);

test('applies every file once, in order, and nothing the second time', async () => {
  expect(await migrate(connection)).toEqual(await names());
  expect(await migrate(connection)).toEqual([]);
  expect(await ledger()).toEqual((await names()).map((name) => ({ name, n: '1' })));
});

test('every column and every table says what it is for', async () => {
  await migrate(connection);
  const bare = await clickhouse.migrator.query(
    `SELECT table, name FROM system.columns
     WHERE database = 'tacit' AND comment = '' AND table IN (SELECT name FROM system.tables WHERE database = 'tacit' AND engine LIKE '%MergeTree')`,
  );
  expect(bare).toEqual([]);
  const unsaid = await clickhouse.migrator.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = 'tacit' AND comment = '' AND engine != 'MaterializedView'",
  );
  expect(unsaid).toEqual([]);
});

test('materialized views run as the migrator, plain views as whoever asks', async () => {
  await migrate(connection);
  const views = await clickhouse.migrator.query<{ name: string; engine: string; ddl: string }>(
    "SELECT name, engine, create_table_query AS ddl FROM system.tables WHERE database = 'tacit' AND engine LIKE '%View'",
  );
  for (const { name, engine, ddl } of views)
    expect(ddl, name).toContain(
      engine === 'MaterializedView' ? 'DEFINER = tacit_migrator SQL SECURITY DEFINER' : 'SQL SECURITY INVOKER',
    );
  expect(views.map(({ name }) => name).sort()).toEqual([
    'comparison_history',
    'comparison_verdicts',
    'dirty_days_mv',
    'drift_states',
    'generation_outcomes',
    'generations_mv',
    'outcomes_at',
    'rate_intervals',
    'rate_levels',
  ]);
});

test('a crash between two statements is made good by the next run', async () => {
  await file('001_one.sql', 'CREATE TABLE IF NOT EXISTS {{database}}.a (x UInt8) ENGINE = MergeTree ORDER BY x;');
  const first = 'CREATE TABLE IF NOT EXISTS {{database}}.b (x UInt8) ENGINE = MergeTree ORDER BY x;\n';
  const second = 'CREATE TABLE IF NOT EXISTS {{database}}.c (x UInt8) ENGINE = MergeTree ORDER BY x;\n';
  await file('002_two.sql', `${first}SELECT throwIf(1);\n${second}`);
  await expect(migrate(connection, { folder })).rejects.toThrow();
  expect(await ledger()).toEqual([{ name: '001_one', n: '1' }]);
  await file('002_two.sql', `${first}${second}`);
  expect(await migrate(connection, { folder })).toEqual(['002_two']);
  const tables = await clickhouse.migrator.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = 'tacit' AND length(name) = 1 ORDER BY name",
  );
  expect(tables.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
});

test('a crash between the last statement and the ledger applies the file again, without harm', async () => {
  await migrate(connection);
  await clickhouse.migrator.command(
    "ALTER TABLE tacit.schema_migrations DELETE WHERE name >= '002' SETTINGS mutations_sync = 1",
  );
  expect(await migrate(connection)).toEqual((await names()).slice(1));
});

test('a file that was changed after it had been applied stops the run, and so does one that is gone', async () => {
  await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
  await migrate(connection, { folder });
  await file('006_delivery.sql', 'SELECT 1;');
  await expect(migrate(connection, { folder })).rejects.toThrow(/^Migration 006_delivery was changed after/);
  await rm(path.join(folder, '006_delivery.sql'));
  await expect(migrate(connection, { folder })).rejects.toThrow(/^Migration 006_delivery was applied .* is not here/);
});

test('of four runners at once each file is applied by one', async () => {
  const applied = await Promise.all([1, 2, 3, 4].map(async () => await migrate(connection)));
  expect(applied.flat().sort()).toEqual(await names());
  expect((await ledger()).map(({ n }) => n)).toEqual((await names()).map(() => '1'));
});

test('a runner that died holds the others up no longer than its lease', async () => {
  await migrate(connection);
  await clickhouse.migrator.command('TRUNCATE TABLE tacit.schema_migrations');
  expect(await takeLease(clickhouse.migrator, 'tacit_work', 'migrate', 1500)).toBeDefined();
  expect(await takeLease(clickhouse.migrator, 'tacit_work', 'migrate', 1500)).toBeUndefined();
  const startedAt = performance.now();
  expect(await migrate(connection, { leaseMs: 1500, waitMs: 20_000 })).toEqual(await names());
  expect(performance.now() - startedAt).toBeGreaterThan(1000);
});

test('a runner with nothing to do waits for nobody', async () => {
  await migrate(connection);
  expect(await takeLease(clickhouse.migrator, 'tacit_work', 'migrate', 60_000)).toBeDefined();
  expect(await migrate(connection, { waitMs: 0 })).toEqual([]);
});

test('a runner that was taken over stops before its next statement', async () => {
  await migrate(connection);
  const slow = await takeLease(clickhouse.migrator, 'tacit_work', 'x', 1);
  expect(await slow?.renew()).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const next = await takeLease(clickhouse.migrator, 'tacit_work', 'x', 60_000);
  expect(next).toBeDefined();
  expect(await slow?.renew()).toBe(false);
  expect(await next?.renew()).toBe(true);
});

test('of twenty that reach for a lease one gets it', async () => {
  await migrate(connection);
  const leases = await Promise.all(
    Array.from({ length: 20 }, async () => await takeLease(clickhouse.migrator, 'tacit_work', 'race', 60_000)),
  );
  expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
});

test('for a cluster every table is Replicated and every statement runs on all of it, in words the server can read', async () => {
  const plain = await readMigrations(connection);
  const clustered = await readMigrations(connection, { cluster: 'main' });
  expect(clustered.map(({ checksum }) => checksum)).toEqual(plain.map(({ checksum }) => checksum));
  for (const statement of clustered.flatMap(({ statements }) => statements)) {
    expect(statement).toContain("ON CLUSTER 'main'");
    // the pattern of staging tables is not: those never leave the server on which a run works
    if (statement.includes('ENGINE =') && !statement.includes('tacit.rollup_staging ON'))
      expect(statement).toMatch(/ENGINE = Replicated\w*MergeTree/);
  }
  const admin = createClickHouse({ ...connection, database: 'system' });
  for (const statement of clustered.flatMap(({ statements }) => statements))
    await admin.command(`EXPLAIN AST ${statement}`);
  await expect(admin.command('EXPLAIN AST CREATE TABEL x')).rejects.toMatchObject({ serverCode: 62 });
  await admin.close();
});

test('npm run migrate says what it applied, and says when there is nothing to do', async () => {
  const run = async (env: Record<string, string>) =>
    await promisify(execFile)(process.execPath, [path.join(projectRoot, 'dist/scripts/migrate.js')], { env }).then(
      ({ stdout }) => ({ stdout, code: 0 }),
      (error: { stderr: string; code: number }) => ({ stdout: error.stderr, code: error.code }),
    );
  const env = {
    CLICKHOUSE_URL: connection.url,
    CLICKHOUSE_MIGRATOR_USER: connection.user,
    CLICKHOUSE_MIGRATOR_PASSWORD: connection.password,
  };
  const applied = (await names()).map((name) => `applied ${name}\n`).join('');
  expect(await run(env)).toEqual({ stdout: applied, code: 0 });
  expect(await run(env)).toEqual({ stdout: 'tacit is up to date.\n', code: 0 });
  const refused = await run({ ...env, CLICKHOUSE_MIGRATOR_PASSWORD: 'a wrong password' });
  expect(refused.code).toBe(1);
  expect(refused.stdout).toMatch(/^ClickHouse refused: .*\n$/);
  expect(refused.stdout).not.toContain('a wrong password');
});
