// Figures with their intervals per day and per window, on the real embedded ClickHouse, beside the views that everybody reads.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { EventRow } from '../../../../shared/contract/rows.js';
import { ClickHouseError, createClickHouse, type ClickHouse } from '../../../../shared/runtime/clickhouse.js';
import { createLogger } from '../../../../shared/runtime/log.js';
import { createReporterMetrics } from '../../../../services/reporter/metrics.js';
import { WINDOWS_DAYS, dueWindows } from '../../../../services/reporter/rollup/due-windows.js';
import { recomputeDay } from '../../../../services/reporter/rollup/recompute-day.js';
import { recomputeWindow } from '../../../../services/reporter/rollup/recompute-window.js';
import { createRollup } from '../../../../services/reporter/rollup/run.js';
import { BeatenError } from '../../../../services/reporter/rollup/staging.js';
import { readWindowFacts } from '../../../../services/reporter/rollup/window-facts.js';
import { startTestClickHouse, type TestClickHouse } from '../../../support/clickhouse.js';
import { DAY_MS, dayName, daysAgo } from '../../../support/days.js';
import {
  blankEvent,
  ndjson,
  RANDOM_PROJECTS,
  RANDOM_SETTINGS,
  randomEvents,
  randomInserts,
} from '../../../support/random-events.js';
import { chooseSeed, seededRandom } from '../../../support/random.js';
import { ROLLED_UP_TABLES } from '../../../support/rolled-up.js';
import { startStatementProxy } from '../../../support/statement-proxy.js';

const LEVELS = ['cell', 'version', 'prompt', 'project'];
const seed = chooseSeed(process.env['TACIT_TEST_SEED']);
const random = seededRandom(seed);
const never = new AbortController().signal;
const log = createLogger('test', 'silent');

let server: TestClickHouse;
beforeAll(async () => {
  process.stderr.write(`roll-up of windows: TACIT_TEST_SEED=${seed}\n`);
  server = await startTestClickHouse({ projects: [...RANDOM_PROJECTS] });
});
afterAll(async () => await server.stop());
afterEach(async () => {
  for (const table of ROLLED_UP_TABLES) await server.migrator.command(`TRUNCATE TABLE ${table}`);
});

type Row = Record<string, unknown>;

async function send(rows: readonly EventRow[]): Promise<void> {
  for (const insert of randomInserts(random, rows, 1000)) await server.writer.insertBlock('events', [ndjson(insert)]);
}

async function setSettings(): Promise<void> {
  await server.reporter.insertBlock('metric_settings', [ndjson(RANDOM_SETTINGS)]);
}

async function rollUp(clickhouse: ClickHouse = server.reporter, metrics = createReporterMetrics()) {
  const rollup = createRollup({ clickhouse, metrics, log });
  await rollup.run(never);
  return rollup;
}

const ONLY_IN_VIEW = ['variance', 'rejection_variance', 't'];
const ONLY_IN_TABLES = ['window_days', 'from_day', 'to_day', 'day'];

/** Rows in an order of their own, without the columns that only one side has; sums depend on their order in the last digits. */
function comparable(rows: readonly Row[], drop: readonly string[]): string[] {
  return rows
    .map((row) => Object.entries(row).filter(([column]) => !drop.includes(column)))
    .map((entries) => entries.sort(([a], [b]) => (a < b ? -1 : 1)))
    .map((entries) => JSON.stringify(entries.map(([column, value]) => [column, rounded(value)])))
    .sort();
}

function rounded(value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(10)) : value;
}

/** Of one project or, with none, of all: the same, as a test below says. */
async function levelsOf(project: string, from: string, to: string): Promise<string[]> {
  const rows: Row[] = [];
  for (const level of LEVELS)
    rows.push(
      ...(await server.reporter.query<Row>(
        `SELECT * FROM rate_levels(project = {project:String}, from = {from:Date}, to = {to:Date}, level = {level:String})`,
        { project, from, to, level },
      )),
    );
  return comparable(rows, ONLY_IN_VIEW);
}

async function storedOf(
  table: 'rate_days' | 'rate_windows',
  condition: string,
  params: Record<string, string | number>,
) {
  const rows = await server.reporter.query<Row>(`SELECT * FROM ${table} WHERE ${condition}`, params);
  return comparable(rows, ONLY_IN_TABLES);
}

test('rate_days equals rate_levels of each day, row by row, for days mature and young', async () => {
  await setSettings();
  const now = Date.now();
  await send([
    ...randomEvents(random, 500, now - DAY_MS / 4, DAY_MS / 4),
    ...renamed(randomEvents(random, 500, now - 5 * DAY_MS, 1000), 'old'),
  ]);
  await rollUp();
  for (const [day, dayAfter] of [now, now - 5 * DAY_MS].map((at) => [dayName(at), dayName(at + DAY_MS)] as const)) {
    const stored = await storedOf('rate_days', 'day = {day:Date}', { day });
    expect(stored, `seed ${seed}`).toEqual(await levelsOf('', day, dayAfter));
    expectEachProject(stored);
  }
  const young = await server.reporter.query<Row>(
    `SELECT persons, mature, rate, low FROM rate_days WHERE project_id = 'plain' AND day = {day:Date} AND level = 'project'`,
    { day: dayName(now) },
  );
  expect(young).toEqual([{ persons: '0', mature: '0', rate: null, low: null }]);
});

test('rate_levels of all projects are those of each of them, and there are none of a level that it does not know', async () => {
  const at = daysAgo(150);
  await send(randomEvents(random, 400, at, 1000));
  await rollUp();
  const [from, to] = [dayName(at), dayName(at + DAY_MS)];
  const all = (await Promise.all(RANDOM_PROJECTS.map(async (project) => await levelsOf(project, from, to)))).flat();
  expect(await levelsOf('', from, to), `seed ${seed}`).toEqual(all.sort());
  expect(all.length).toBeGreaterThan(0);
  const unknown = `SELECT count() AS n FROM rate_levels(project = '', from = {from:Date}, to = {to:Date}, level = 'day')`;
  expect(await server.reporter.query(unknown, { from, to })).toEqual([{ n: '0' }]);
});

test('rate_windows equals rate_levels of 7, 28 and 90 days, and rate_intervals where something is mature', async () => {
  await setSettings();
  const now = Date.now();
  for (const back of [4, 20, 80, 95])
    await send(renamed(randomEvents(random, 400, now - back * DAY_MS, 1000), `back${back}`));
  await rollUp();
  const to = dayName(now + DAY_MS);
  for (const windowDays of WINDOWS_DAYS) {
    const from = dayName(now - (windowDays - 1) * DAY_MS);
    const condition = `window_days = {windowDays:UInt16} AND from_day = {from:Date} AND to_day = {to:Date}`;
    const stored = await storedOf('rate_windows', condition, { windowDays, from, to });
    expect(stored, `seed ${seed}`).toEqual(await levelsOf('', from, to));
    expectEachProject(stored);
    for (const project of RANDOM_PROJECTS) await expectIntervals(project, windowDays, from, to);
  }
});

/** Of every project there are rows at more than one cell. */
function expectEachProject(rows: readonly string[]): void {
  for (const project of RANDOM_PROJECTS)
    expect(rows.filter((row) => row.includes(JSON.stringify(['project_id', project]))).length, project).toBeGreaterThan(
      LEVELS.length,
    );
}

function renamed(rows: readonly EventRow[], prefix: string): EventRow[] {
  return rows.map((row) => ({ ...row, generation_id: `${prefix}-${row.generation_id}` }));
}

async function expectIntervals(project: string, windowDays: number, from: string, to: string): Promise<void> {
  const keys = 'prompt_id, prompt_version, model, model_version, surface, trusted, metric_version';
  const figures = 'persons, session_persons, mature, taken, rate, low, high, effective_n, design_effect';
  const intervals = await server.reporter.query<Row>(
    `SELECT ${keys}, ${figures} FROM rate_intervals(project = {project:String}, from = {from:Date}, to = {to:Date})`,
    { project, from, to },
  );
  const stored = await server.reporter.query<Row>(
    `SELECT ${keys}, ${figures} FROM rate_windows
     WHERE project_id = {project:String} AND window_days = {windowDays:UInt16} AND level = 'cell' AND mature > 0`,
    { project, windowDays },
  );
  // counts of the view are floating-point numbers; of one person it gives a number of generations that means nothing
  const alike = (row: Row) => ({
    ...row,
    mature: Number(row['mature']),
    taken: Number(row['taken']),
    effective_n: row['persons'] === '1' ? null : row['effective_n'],
  });
  expect(comparable(stored.map(alike), []), `seed ${seed}`).toEqual(comparable(intervals.map(alike), []));
}

/** Projects of the window of 7 days, with what was shown to their persons. */
async function shownIn7Days(): Promise<Record<string, number>> {
  const rows = await server.reporter.query<{ project_id: string; shown: string }>(
    `SELECT project_id, shown FROM rate_windows WHERE window_days = 7 AND level = 'project' AND shown > 0 ORDER BY project_id`,
  );
  return Object.fromEntries(rows.map((row) => [row.project_id, Number(row.shown)]));
}

/** One generation of a project, shown two days ago, and the days rolled up. */
async function showOne(project: string, id: string): Promise<void> {
  const at = Date.now() - 2 * DAY_MS;
  const times = { generated_at: at, occurred_at: at, received_at: at };
  const row = {
    project_id: project,
    generation_id: id,
    event_id: random.uuid(),
    event_type: 'shown',
    shows: 1,
  } as const;
  await server.writer.insertBlock('events', [ndjson([blankEvent({ ...row, ...times })])]);
  await recomputeDay(server.reporter, dayName(at), never);
}

async function workTables(): Promise<unknown[]> {
  return await server.migrator.query(
    `SELECT name FROM system.tables WHERE database = 'tacit_work' AND startsWith(name, 'rollup_')`,
  );
}

test('a run of a window that was paused before its swap cannot put older figures over newer ones', async () => {
  await showOne('fast', 'first');
  const proxy = await startStatementProxy(server.url);
  const slow = createClickHouse({ ...server.connections.reporter, url: proxy.url });
  const held = proxy.hold(/ALTER TABLE rate_windows REPLACE PARTITION/);
  const ended = recomputeWindow(slow, 7, never).catch((error: unknown) => error);
  const statement = await held;
  await showOne('fast', 'second');
  await recomputeWindow(server.reporter, 7, never);
  expect(await statement.release()).not.toBe(200);
  expect(await ended).toBeInstanceOf(BeatenError);
  expect(await shownIn7Days()).toEqual({ fast: 2 });
  expect(await workTables()).toEqual([]);
  await slow.close();
  await proxy.close();
});

test('a run of a window that fails before its swap leaves the window as it was, and due', async () => {
  await showOne('fast', 'first');
  await recomputeWindow(server.reporter, 7, never);
  await showOne('fast', 'second');
  const proxy = await startStatementProxy(server.url);
  const broken = createClickHouse({ ...server.connections.reporter, url: proxy.url });
  const held = proxy.hold(/ALTER TABLE rate_windows REPLACE PARTITION/);
  const ended = recomputeWindow(broken, 7, never).catch((error: unknown) => error);
  (await held).refuse();
  expect(await ended).toBeInstanceOf(ClickHouseError);
  expect(await shownIn7Days()).toEqual({ fast: 1 });
  const facts = await readWindowFacts(server.reporter);
  const unrested = facts.windows.map(({ lastRun, ...rest }) => ({
    ...rest,
    ...(lastRun && { lastRun: { ...lastRun, durationMs: 0 } }),
  }));
  expect(dueWindows({ ...facts, windows: unrested, unfinished: new Map() })).toContain(7);
  await recomputeWindow(server.reporter, 7, never);
  expect(await shownIn7Days()).toEqual({ fast: 2 });
  await broken.close();
  await proxy.close();
});

test('a project whose statement fails keeps its figures, and holds up no other', async () => {
  await showOne('fast', 'first');
  await showOne('plain', 'first');
  await recomputeWindow(server.reporter, 7, never);
  await showOne('fast', 'second');
  await showOne('plain', 'second');
  const proxy = await startStatementProxy(server.url);
  const broken = createClickHouse({ ...server.connections.reporter, url: proxy.url });
  const held = proxy.hold(/INSERT INTO tacit_work\.rollup_007_\w+_rate_windows[^]*FROM rate_levels/);
  const run = recomputeWindow(broken, 7, never);
  (await held).refuse();
  expect((await run).failed.map(({ project }) => project)).toEqual(['fast']);
  expect(await shownIn7Days()).toEqual({ fast: 1, plain: 2 });
  await recomputeWindow(server.reporter, 7, never);
  expect(await shownIn7Days()).toEqual({ fast: 2, plain: 2 });
  await broken.close();
  await proxy.close();
});

test('a window that lost its data becomes empty, and a project that lost its data disappears', async () => {
  await showOne('fast', 'first');
  await showOne('plain', 'first');
  await recomputeWindow(server.reporter, 7, never);
  const day = dayName(Date.now() - 2 * DAY_MS);
  await server.migrator.command(`ALTER TABLE generations DELETE WHERE project_id = 'fast' SETTINGS mutations_sync = 1`);
  await recomputeDay(server.reporter, day, never);
  await recomputeWindow(server.reporter, 7, never);
  expect(await shownIn7Days()).toEqual({ plain: 1 });
  await server.migrator.command('TRUNCATE TABLE generations');
  await recomputeDay(server.reporter, day, never);
  await recomputeWindow(server.reporter, 7, never);
  expect(await server.reporter.query(`SELECT 1 FROM rate_windows WHERE window_days = 7`)).toEqual([]);
});

test('a pass of the roll-up counts its windows, and the next one finds nothing to do', async () => {
  await showOne('fast', 'first');
  const metrics = createReporterMetrics();
  await rollUp(server.reporter, metrics);
  await rollUp(server.reporter, metrics);
  expect(await metrics.registry.metrics()).toContain('tacit_reporter_window_runs_total{result="done"} 3');
  expect(await shownIn7Days()).toEqual({ fast: 1 });
});
