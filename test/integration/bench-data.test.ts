// The traffic of the benchmark of pages: the days that it writes by SQL are those that the roll-up makes of its events.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recomputeDay } from '../../services/reporter/rollup/recompute-day.js';
import {
  EVENTS_PER_GENERATION,
  eventsSql,
  ratesSql,
  sessionAt,
  sessionsOf,
  signalDaysSql,
  userDaysSql,
  type Product,
} from '../bench/product-data.js';
import { dayName, productsOf } from '../bench/product-tables.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';

const DAY_MS = 86_400_000;
/** A session every quarter of an hour for eleven days, so that none lies across two hours. */
const SESSIONS = 11 * 96;
const begin = Math.floor(Date.now() / DAY_MS) * DAY_MS - 10 * DAY_MS;
const made: Omit<Product, 'project'> = {
  generations: 4 * SESSIONS,
  persons: 60,
  begin,
  end: begin + SESSIONS * 900_000,
};
const byEvents: Product = { ...made, project: 'shop' };
const asOf = begin + 8 * DAY_MS;

let clickhouse: TestClickHouse;

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
  await clickhouse.migrator.command(eventsSql(byEvents, 0, SESSIONS));
  for (let day = begin; day < made.end; day += DAY_MS)
    await recomputeDay(clickhouse.reporter, dayName(day), new AbortController().signal, asOf);
});

afterAll(async () => {
  await clickhouse.stop();
});

/** Rows of a table, summed by its keys, before and after the days were written by SQL instead. */
async function bothWays(table: string, sql: string, keys: string, sums: readonly string[]): Promise<unknown[][]> {
  const read = async () =>
    await clickhouse.migrator.query(
      `SELECT ${keys}, ${sums.map((sum) => `round(sum(t.${sum}), 6) AS s_${sum}`).join(', ')} FROM ${table} AS t
       GROUP BY ${keys} ORDER BY ${keys}`,
    );
  const rolledUp = await read();
  await clickhouse.migrator.command(`TRUNCATE TABLE ${table}`);
  await clickhouse.migrator.command(sql);
  return [await read(), rolledUp];
}

const CELL = 'project_id, prompt_id, prompt_version, model, model_version, surface, trusted, metric_version';
const COUNTS = [
  'shown',
  'accepted',
  'edited',
  'rejected',
  'mature',
  'mature_accepted',
  'mature_edited',
  'mature_rejected',
];

test('three events of each generation are stored', async () => {
  const [row] = await clickhouse.migrator.query<{ n: string }>('SELECT count() AS n FROM events');
  expect(Number(row?.n)).toBe(made.generations * EVENTS_PER_GENERATION);
});

test('persons and their days are the same', async () => {
  const sql = userDaysSql(byEvents, 0, SESSIONS, asOf);
  const keys = `${CELL}, day, experiment, arm, assignment, user_kind, user_key`;
  const [written, rolledUp] = await bothWays('user_days', sql, keys, [...COUNTS, 'mature_similarity_sum']);
  expect(rolledUp?.length).toBeGreaterThan(500);
  expect(written).toEqual(rolledUp);
});

test('hours are the same', async () => {
  const sql = ratesSql(byEvents, 0, SESSIONS, asOf);
  const [written, rolledUp] = await bothWays('rates', sql, `${CELL}, hour`, [...COUNTS, 'ignored', 'unresolved']);
  expect(rolledUp?.length).toBeGreaterThan(500);
  expect(written).toEqual(rolledUp);
});

test('reasons and sizes are the same', async () => {
  const sql = signalDaysSql(byEvents, 0, SESSIONS, asOf);
  const [written, rolledUp] = await bothWays('signal_days', sql, `${CELL}, day, signal, bucket`, [
    'generations',
    'value_sum',
  ]);
  expect(rolledUp?.length).toBeGreaterThan(500);
  expect(written).toEqual(rolledUp);
});

test('the first session of an instant is found, and the last one lies before the end', () => {
  const [large] = productsOf(1_000_000, Date.now());
  if (large === undefined) throw new Error('there is no product');
  expect(sessionAt(large, large.begin)).toBe(0);
  expect(sessionAt(large, large.begin - DAY_MS)).toBe(0);
  expect(sessionAt(large, large.end)).toBe(sessionsOf(large));
});
