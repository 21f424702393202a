// What each role may and may not do, on the real server.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderUsersSql } from '../../infra/clickhouse/users-sql.js';
import { FILTERED_TABLES, OPEN_TABLES, WITHHELD_TABLES, userDefinitions } from '../../infra/clickhouse/users.js';
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { dayName, daysAgo } from '../support/days.js';
import { blankEvent, ndjson } from '../support/random-events.js';

const ACCESS_DENIED = 497;
const CONSTRAINT_VIOLATION = 452;
const READONLY = 164;
const DDL_FORBIDDEN = 392;

let clickhouse: TestClickHouse;
let acme: ClickHouse;
const now = Date.now();
const DAY = dayName(daysAgo(30));

beforeAll(async () => {
  clickhouse = await startTestClickHouse({ projects: ['acme', 'bolt'] });
  acme = clickhouse.analyst('acme');
  const shown = (project: string) =>
    blankEvent({
      project_id: project,
      event_id: randomUUID(),
      event_type: 'shown',
      shows: 1,
      generated_at: now,
      occurred_at: now,
      received_at: now,
    });
  await clickhouse.writer.insertBlock('tacit.events', [ndjson(['acme', 'bolt', 'bolt'].map(shown))]);
  await clickhouse.writer.insertBlock('tacit.drops', [
    ndjson(
      ['acme', 'bolt'].map((project_id) => ({
        project_id,
        reason: 'too_old',
        drop_id: randomUUID(),
        minute: Math.floor(now / 1000),
        n: 1,
      })),
    ),
  ]);
  const keys = (project_id: string) => ({
    project_id,
    user_key: '1',
    day: DAY,
    hour: `${DAY} 00:00:00`,
    mature: 2,
  });
  const both = ['acme', 'bolt'].map(keys);
  await clickhouse.reporter.insertBlock('tacit.rates', [ndjson(both.map(({ day: _d, user_key: _u, ...row }) => row))]);
  await clickhouse.reporter.insertBlock('tacit.user_days', [ndjson(both.map(({ hour: _h, ...row }) => row))]);
  await clickhouse.reporter.insertBlock('tacit.metric_settings', [
    ndjson(['acme', 'bolt'].map((project_id) => ({ project_id, metric_version: 'm', window_s: 60 }))),
  ]);
  await clickhouse.reporter.insertBlock('tacit.comparisons', [
    ndjson(['acme', 'bolt'].map((project_id) => ({ project_id, comparison_id: 'c', kind: 'experiment' }))),
  ]);
  await clickhouse.reporter.insertBlock('tacit.comparison_looks', [
    ndjson(['acme', 'bolt'].map((project_id) => ({ project_id, comparison_id: 'c', tier: 'T1', gates: [] }))),
  ]);
  await clickhouse.reporter.insertBlock('tacit.drift_looks', [
    ndjson(['acme', 'bolt'].map((project_id) => ({ project_id, watch_id: 'w', day: DAY, state: 'steady' }))),
  ]);
  await clickhouse.reporter.insertBlock('tacit.alert_deliveries', [
    ndjson(['acme', 'bolt'].map((project_id) => ({ project_id, alert_id: 'a', target: 'slack:t', status: 'claimed' }))),
  ]);
  const level = ({ project_id }: { project_id: string }) => ({ project_id, level: 'project', mature: 2 });
  await clickhouse.reporter.insertBlock('tacit.rate_windows', [
    ndjson(both.map((row) => ({ ...level(row), window_days: 7 }))),
  ]);
  await clickhouse.reporter.insertBlock('tacit.rate_days', [
    ndjson(both.map((row) => ({ ...level(row), day: row.day }))),
  ]);
  await clickhouse.reporter.insertBlock('tacit.signal_days', [
    ndjson(both.map(({ project_id, day }) => ({ project_id, day, signal: 'rating', bucket: 'up' }))),
  ]);
});

afterAll(async () => {
  await clickhouse.stop();
});

async function refused(who: ClickHouse, sql: string, ...codes: number[]): Promise<void> {
  const code = await who.command(sql).then(
    () => 'allowed',
    (error: { serverCode?: number }) => error.serverCode,
  );
  expect(codes, sql).toContain(code);
}

test('every table and view is either granted with a filter, granted open, or listed as withheld', async () => {
  const rows = await clickhouse.migrator.query<{ name: string; has_project: number; engine: string }>(
    `SELECT name, engine, name IN (SELECT table FROM system.columns WHERE database = 'tacit' AND name = 'project_id') AS has_project
     FROM system.tables WHERE database = 'tacit'`,
  );
  const listed = [...FILTERED_TABLES, ...OPEN_TABLES, ...WITHHELD_TABLES].sort();
  expect(rows.map(({ name }) => name).sort()).toEqual(listed);
  const withProjects = rows.filter((row) => Number(row.has_project) === 1 && row.engine.endsWith('MergeTree'));
  const open: readonly string[] = OPEN_TABLES;
  expect(withProjects.filter(({ name }) => open.includes(name))).toEqual([]);
});

describe('the analyst of one project', () => {
  test('reads its own rows and no others, in every table with a filter', async () => {
    for (const table of FILTERED_TABLES) {
      const own = await acme.query<{ project_id: string }>(`SELECT DISTINCT project_id FROM tacit.${table}`);
      expect(own, table).toEqual([{ project_id: 'acme' }]);
    }
  });

  test('reads its own rows and no others through the views', async () => {
    for (const view of ['generation_outcomes', 'outcomes_at(as_of = now64(3))', 'drift_states']) {
      const own = await acme.query(`SELECT DISTINCT project_id FROM tacit.${view}`);
      expect(own, view).toEqual([{ project_id: 'acme' }]);
    }
    const ask = (project: string) =>
      `SELECT mature FROM tacit.rate_intervals(project = '${project}', from = '${DAY}', to = '${dayName(daysAgo(0))}')`;
    expect(await acme.query(ask('acme'))).toEqual([{ mature: 2 }]);
    expect(await acme.query(ask('bolt'))).toEqual([]);
  });

  test('sees nothing of other projects in counts, aggregates, samples or joins', async () => {
    const [row] = await acme.query<{ n: string; m: string }>(
      `SELECT (SELECT count() FROM tacit.events) AS n, (SELECT count() FROM tacit.generations FINAL WHERE project_id = 'bolt') AS m`,
    );
    expect(row).toEqual({ n: '1', m: '0' });
    expect(await acme.query(`SELECT 1 FROM tacit.events WHERE throwIf(project_id = 'bolt') = 0`)).toHaveLength(1);
  });

  test('reads no withheld table', async () => {
    for (const table of WITHHELD_TABLES) await refused(acme, `SELECT * FROM tacit.${table}`, ACCESS_DENIED);
  });

  test('reads neither the logs nor the processes nor files nor other servers', async () => {
    await clickhouse.migrator.command('SYSTEM FLUSH LOGS');
    for (const source of [
      'system.query_log',
      'system.processes',
      'system.users',
      'system.row_policies',
      'system.parts',
      'system.parts_columns',
      'system.quotas_usage',
      "file('/etc/passwd', 'LineAsString')",
      "url('http://127.0.0.1:1/', 'LineAsString')",
      "remote('127.0.0.1', 'tacit', 'events')",
      "merge('tacit', '^dirty_days$')",
      "loop('tacit', 'events')",
      "cluster('default', 'tacit', 'events')",
      "eval('SELECT * FROM tacit.events')",
      "executable('x', 'TSV', 'a String')",
    ])
      await expect(acme.query(`SELECT * FROM ${source}`), source).rejects.toBeDefined();
  });

  test('finds in the indexes, which no row filter covers, nothing but names of projects and times', async () => {
    const allowed = /^(part_name|mark_number|rows_in_granule|project_id|toStartOfHour\(generated_at\)|hour|day)$/;
    for (const table of FILTERED_TABLES) {
      const rows = await acme.query<Record<string, unknown>>(`SELECT * FROM mergeTreeIndex('tacit', '${table}')`);
      expect(rows.length, table).toBeGreaterThan(0);
      expect(
        rows.flatMap((row) => Object.keys(row)).filter((column) => !allowed.test(column)),
        table,
      ).toEqual([]);
    }
  });

  test('cannot lift a limit', async () => {
    for (const setting of [
      'max_memory_usage = 0',
      'max_memory_usage = 100000000000',
      'max_memory_usage_for_user = 0',
      'max_threads = 0',
      'max_threads = 8',
      'max_execution_time = 0',
      'max_execution_time = 3600',
      "timeout_overflow_mode = 'break'",
      'max_concurrent_queries_for_user = 0',
      'max_result_bytes = 0',
      'max_untracked_memory = 100000000000',
      'priority = 0',
      'allow_ddl = 1',
      'log_queries = 0',
    ])
      await refused(acme, `SELECT 1 SETTINGS ${setting}`, CONSTRAINT_VIOLATION, DDL_FORBIDDEN);
    await refused(acme, 'SELECT 1 SETTINGS readonly = 0', READONLY, CONSTRAINT_VIOLATION);
    await expect(acme.query('SELECT 1', {}, { max_memory_usage: '0' })).rejects.toMatchObject({
      serverCode: CONSTRAINT_VIOLATION,
    });
    expect(await acme.query('SELECT 1 AS x SETTINGS max_memory_usage = 1000000')).toEqual([{ x: 1 }]);
  });

  test('writes nothing', async () => {
    for (const statement of [
      "INSERT INTO tacit.events (project_id) VALUES ('acme')",
      'CREATE TABLE tacit.mine (x UInt8) ENGINE = Memory',
      'CREATE TABLE tacit_work.mine (x UInt8) ENGINE = Memory',
      'CREATE TEMPORARY TABLE mine (x UInt8)',
      'DROP TABLE tacit.rates',
      'ALTER TABLE tacit.rates DELETE WHERE 1',
      'CREATE VIEW tacit.v AS SELECT * FROM tacit.events',
      'KILL QUERY WHERE 1',
      'SYSTEM STOP MERGES tacit.events',
    ])
      await expect(acme.command(statement), statement).rejects.toSatisfy((error: { serverCode?: number }) =>
        [ACCESS_DENIED, READONLY, 392].includes(error.serverCode ?? 0),
      );
  });
});

describe('the writer', () => {
  test('inserts through the views', async () => {
    const [row] = await clickhouse.reporter.query<{ n: string; d: string }>(
      'SELECT (SELECT count() FROM tacit.generations FINAL) AS n, (SELECT count() FROM tacit.dirty_days FINAL) AS d',
    );
    expect(row).toEqual({ n: '2', d: '2' });
  });

  test('reads nothing and writes nowhere else', async () => {
    await refused(clickhouse.writer, 'SELECT * FROM tacit.events', ACCESS_DENIED);
    await refused(clickhouse.writer, 'SELECT * FROM tacit.generation_outcomes', ACCESS_DENIED);
    for (const table of ['generations', 'rates', 'user_days', 'dirty_days', 'metric_settings', 'rollup_days'])
      await expect(clickhouse.writer.insertBlock(`tacit.${table}`, [ndjson([{}])]), table).rejects.toMatchObject({
        serverCode: ACCESS_DENIED,
      });
    await expect(clickhouse.writer.command('TRUNCATE TABLE tacit.events')).rejects.toMatchObject({
      serverCode: ACCESS_DENIED,
    });
  });
});

describe('the reporter', () => {
  test('swaps a day in from the work database, and empties one', async () => {
    const { reporter } = clickhouse;
    const day = dayName(daysAgo(30));
    const partition = day.replaceAll('-', '');
    await reporter.command('CREATE TABLE tacit_work.staging AS tacit.rollup_staging');
    await reporter.command('CREATE TABLE tacit_work.new_rates AS tacit.rates');
    await reporter.insertBlock('tacit_work.new_rates', [
      ndjson([{ project_id: 'acme', hour: `${day} 05:00:00`, mature: 7 }]),
    ]);
    await reporter.command(`ALTER TABLE tacit.rates REPLACE PARTITION ${partition} FROM tacit_work.new_rates`);
    const ask = `SELECT mature FROM tacit.rates WHERE toDate(hour) = '${day}'`;
    expect(await reporter.query(ask)).toEqual([{ mature: 7 }]);
    await reporter.command(`ALTER TABLE tacit.rates DROP PARTITION ${partition}`);
    expect(await reporter.query(ask)).toEqual([]);
    await reporter.command('DROP TABLE tacit_work.staging');
    await reporter.command('DROP TABLE tacit_work.new_rates');
  });

  test('may erase events, but changes none, and drops and changes no table', async () => {
    await clickhouse.reporter.command("ALTER TABLE tacit.events DELETE WHERE project_id = 'nobody'");
    for (const statement of [
      'DROP TABLE tacit.events',
      'TRUNCATE TABLE tacit.events',
      "ALTER TABLE tacit.events UPDATE reason = '' WHERE 1",
      'INSERT INTO tacit.generations (project_id) VALUES (1)',
      "INSERT INTO tacit.drops (project_id) VALUES ('acme')",
      'ALTER TABLE tacit.rates ADD COLUMN x UInt8',
      'CREATE TABLE tacit.mine (x UInt8) ENGINE = MergeTree ORDER BY x',
    ])
      await expect(clickhouse.reporter.command(statement), statement).rejects.toMatchObject({
        serverCode: ACCESS_DENIED,
      });
  });
});

test('the user that opened the port can do nothing but constants', async () => {
  const ask = async (sql: string) =>
    await fetch(`${clickhouse.url}/?user=default`, { method: 'POST', body: sql }).then((answer) => answer.status);
  for (const sql of [
    'SELECT * FROM tacit.events',
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    'SYSTEM START LISTEN TCP',
  ])
    expect(await ask(sql), sql).not.toBe(200);
  const nobody = await fetch(`${clickhouse.url}/?user=tacit_writer&password=wrong&query=SELECT+1`);
  expect(nobody.status).toBe(403);
});

test('the same users as SQL are statements that the server can read', async () => {
  const users = userDefinitions({ database: 'tacit', projects: ['acme', 'a-b'] }).map((user) => ({
    ...user,
    ...(user.role === 'writer' && { password: 'a long password' }),
  }));
  const statements = renderUsersSql('tacit', users, ['tacit_migrator', 'tacit_reporter']);
  expect(statements.length).toBeGreaterThan(20);
  expect(statements.join()).not.toContain('a long password');
  for (const statement of statements) await clickhouse.migrator.command(`EXPLAIN AST ${statement}`);
});
