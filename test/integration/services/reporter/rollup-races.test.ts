// Roll-ups that are killed, paused, doubled, or read while they swap.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { EventRow } from '../../../../shared/contract/rows.js';
import { createClickHouse } from '../../../../shared/runtime/clickhouse.js';
import { createLogger } from '../../../../shared/runtime/log.js';
import { createReporterMetrics } from '../../../../services/reporter/metrics.js';
import { recomputeDay } from '../../../../services/reporter/rollup/recompute-day.js';
import { createRollup } from '../../../../services/reporter/rollup/run.js';
import { BeatenError, DAY_PARTS } from '../../../../services/reporter/rollup/staging.js';
import { sleep } from '../../../../shared/runtime/retry.js';
import { startTestClickHouse, type TestClickHouse } from '../../../support/clickhouse.js';
import { DAY_MS, dayName, daysAgo } from '../../../support/days.js';
import { eventually } from '../../../support/eventually.js';
import { blankEvent, ndjson, randomEvents } from '../../../support/random-events.js';
import { chooseSeed, seededRandom } from '../../../support/random.js';
import { startReporter, testProject } from '../../../support/reporter.js';
import {
  ROLLED_UP_TABLES,
  eventuallyRolledUp,
  expectedRolledUp,
  finishedRuns,
  readRolledUp,
} from '../../../support/rolled-up.js';
import { startStatementProxy } from '../../../support/statement-proxy.js';

const from = daysAgo(150);
const DAY = dayName(from);
const DAY_AFTER = dayName(from + DAY_MS);
const seed = chooseSeed(process.env['TACIT_TEST_SEED']);
const random = seededRandom(seed);
const never = new AbortController().signal;
/** How long the attempt takes that fails, ms. */
const FAILED_AFTER_MS = 1_500;

let server: TestClickHouse;
beforeAll(async () => {
  process.stderr.write(`roll-up races: TACIT_TEST_SEED=${seed}\n`);
  server = await startTestClickHouse();
});
afterAll(async () => await server.stop());
afterEach(async () => {
  for (const table of ROLLED_UP_TABLES) await server.migrator.command(`TRUNCATE TABLE ${table}`);
});

/** A day as the names of work tables have it. */
function digits(day: string): string {
  return day.replaceAll('-', '');
}

async function send(rows: readonly EventRow[]): Promise<void> {
  await server.writer.insertBlock('events', [ndjson(rows)]);
}

/** Instants at which the rows of a table were judged. */
async function judgedAt(table: 'rates' | 'user_days'): Promise<number[]> {
  const rows = await server.reporter.query<{ at: string }>(
    `SELECT DISTINCT toUnixTimestamp64Milli(as_of) AS at FROM ${table} ORDER BY at`,
  );
  return rows.map(({ at }) => Number(at));
}

async function stagingTables(): Promise<string[]> {
  const rows = await server.migrator.query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = 'tacit_work' AND startsWith(name, 'rollup_') ORDER BY name`,
  );
  return rows.map(({ name }) => name);
}

async function expectOracle(sent: readonly EventRow[]): Promise<void> {
  const found = await readRolledUp(server.reporter);
  const expected = expectedRolledUp(sent, [], await finishedRuns(server.reporter));
  expect(found.rates, `seed ${seed}`).toEqual(expected.rates);
  expect(found.userDays, `seed ${seed}`).toEqual(expected.userDays);
}

test('a reporter killed between its two swaps leaves the day due, and the next one repairs it', async () => {
  const first = randomEvents(random, 200, from, DAY_MS);
  await send(first);
  await recomputeDay(server.reporter, DAY, never);
  const [before] = await judgedAt('user_days');
  const second = randomEvents(random, 200, from, DAY_MS).map((row) => ({
    ...row,
    generation_id: `b-${row.generation_id}`,
  }));
  await send(second);

  const proxy = await startStatementProxy(server.url);
  const connection = { ...server.connections.reporter, url: proxy.url };
  const held = proxy.hold(/ALTER TABLE user_days REPLACE PARTITION/);
  const killed = await startReporter({ connection, projects: [testProject('acme')] });
  await held;
  expect(await judgedAt('user_days')).toEqual([before]);
  expect(await judgedAt('rates')).not.toEqual([before]);
  await killed.kill();
  await proxy.close();
  expect((await stagingTables()).length).toBe(Object.keys(DAY_PARTS).length);
  expect((await finishedRuns(server.reporter)).get(DAY)).toBe(before);

  const next = await startReporter({ connection: server.connections.reporter, projects: [testProject('acme')] });
  await eventually(
    async () => await judgedAt('user_days'),
    ([at]) => at !== before,
  );
  await eventually(stagingTables, (tables) => tables.length === 0);
  expect(await next.stop()).toBe(0);
  expect(await judgedAt('rates')).toEqual(await judgedAt('user_days'));
  await expectOracle([...first, ...second]);
});

test.each(['REPLACE', 'MOVE'])(
  'a run that was paused before its %s cannot put older figures over newer ones',
  async (verb) => {
    const first = verb === 'MOVE' ? [] : randomEvents(random, 100, from, DAY_MS);
    if (first.length > 0) await send(first);
    const proxy = await startStatementProxy(server.url);
    const slow = createClickHouse({ ...server.connections.reporter, url: proxy.url });
    const held = proxy.hold(new RegExp(`ALTER TABLE rates ${verb} PARTITION`));
    const paused = recomputeDay(slow, DAY, never);
    const ended = paused.catch((error: unknown) => error);
    const statement = await held;

    const second = randomEvents(random, 100, from, DAY_MS).map((row) => ({
      ...row,
      generation_id: `b-${row.generation_id}`,
    }));
    await send(second);
    await recomputeDay(server.reporter, DAY, never);
    expect(await statement.release()).not.toBe(200);
    expect(await ended).toBeInstanceOf(BeatenError);
    await slow.close();
    await proxy.close();
    await expectOracle([...first, ...second]);
    expect(await stagingTables()).toEqual([]);
  },
);

test('a run that begins while a newer one is under way gives way', async () => {
  await send(randomEvents(random, 20, from, DAY_MS));
  await server.reporter.command(
    `CREATE TABLE tacit_work.rollup_${digits(DAY)}_9999999999999_00000000_stage AS rollup_staging`,
  );
  await expect(recomputeDay(server.reporter, DAY, never)).rejects.toBeInstanceOf(BeatenError);
  await server.reporter.command(`DROP TABLE tacit_work.rollup_${digits(DAY)}_9999999999999_00000000_stage SYNC`);
  expect(await stagingTables()).toEqual([]);
});

test('a day that fails holds up no other, rests, and is finished later', async () => {
  await send(randomEvents(random, 100, from, 2 * DAY_MS));
  const proxy = await startStatementProxy(server.url);
  const clickhouse = createClickHouse({ ...server.connections.reporter, url: proxy.url });
  const log = createLogger('test', 'silent');
  const metrics = createReporterMetrics();
  const rollup = createRollup({ clickhouse, metrics, log });
  const held = proxy.hold(new RegExp(`INSERT INTO tacit_work\\.rollup_${digits(DAY_AFTER)}_\\w+_stage`));
  const pass = rollup.run(never);
  const statement = await held;
  // ten times as long it rests then: longer than the rest of this pass and the next look take on a busy machine
  await sleep(FAILED_AFTER_MS);
  statement.refuse();
  await pass;
  expect([...(await finishedRuns(server.reporter)).keys()]).toEqual([DAY]);
  expect(rollup.status.failingSince).toBeGreaterThan(0);
  expect(await stagingTables()).toEqual([]);
  await rollup.run(never);
  expect([...(await finishedRuns(server.reporter)).keys()]).toEqual([DAY]);
  await eventually(
    async () => {
      await rollup.run(never);
      return rollup.status.failingSince;
    },
    (since) => since === 0,
    90_000,
  );
  expect([...(await finishedRuns(server.reporter)).keys()]).toEqual([DAY, DAY_AFTER]);
  expect(await metrics.registry.metrics()).toContain('tacit_reporter_day_runs_total{result="failed"} 1');
  await clickhouse.close();
  await proxy.close();
});

test('two reporters at once under inserts end with the right figures and leave nothing behind', async () => {
  const options = { connection: server.connections.reporter, projects: [testProject('acme')] };
  const both = [await startReporter(options), await startReporter(options)];
  const sent: EventRow[] = [];
  for (let round = 0; round < 25; round++) {
    const rows = randomEvents(random, 60, from, 2 * DAY_MS).map((row) => ({
      ...row,
      generation_id: `${round}-${row.generation_id}`,
    }));
    sent.push(...rows);
    await send(rows);
  }
  const last = Date.now();
  await eventuallyRolledUp(
    server.reporter,
    async () => [...(await finishedRuns(server.reporter)).values()],
    (runs) => runs.length === 2 && runs.every((asOf) => asOf > last),
  );
  for (const reporter of both) {
    expect(await reporter.stop()).toBe(0);
    expect(reporter.log.filter((line) => line.includes('"level":50'))).toEqual([]);
  }
  await expectOracle(sent);
  expect(await stagingTables()).toEqual([]);
});

test('a reader never sees a torn day while days are swapped under inserts of 200,000 rows', async () => {
  const rowsInAll = 200_000;
  const perInsert = 20_000;
  let inserting = true;
  const insert = async () => {
    for (let n = 0; n < rowsInAll; n += perInsert)
      await server.writer.insertBlock('events', [ndjson(Array.from({ length: perInsert }, (_, i) => shownRow(n + i)))]);
    inserting = false;
  };
  const rollUp = async (): Promise<number> => {
    let runs = 0;
    for (; inserting || runs === 0; runs++) await recomputeDay(server.reporter, DAY, never);
    await recomputeDay(server.reporter, DAY, never);
    return runs;
  };
  const read = async (): Promise<{ reads: number; torn: unknown[] }> => {
    const torn: unknown[] = [];
    let reads = 0;
    for (let last = 0; inserting; reads++) {
      const [row] = await server.reporter.query<{ shown: string; runs: string; rows: string }>(
        `SELECT sum(shown) AS shown, uniqExact(as_of) AS runs, count() AS rows FROM rates WHERE toDate(hour) = '${DAY}'`,
      );
      // every row of a day was judged at one instant, and a day only grows here
      if (Number(row?.runs) > 1 || Number(row?.shown) < last) torn.push(row);
      last = Number(row?.shown);
    }
    return { reads, torn };
  };
  const [, runs, { reads, torn }] = await Promise.all([insert(), rollUp(), read()]);
  expect(torn).toEqual([]);
  expect(runs).toBeGreaterThan(2);
  expect(reads).toBeGreaterThan(10);
  const [row] = await server.reporter.query<{ shown: string }>(`SELECT sum(shown) AS shown FROM rates`);
  expect(Number(row?.shown)).toBe(rowsInAll);
});

function shownRow(n: number): EventRow {
  const at = from + ((n * 997) % DAY_MS);
  return blankEvent({
    project_id: `p${n % 3}`,
    generation_id: `torn-${n}`,
    generated_at: at,
    event_id: randomUUID(),
    event_type: 'shown',
    shows: 1,
    occurred_at: at,
    received_at: at,
    prompt_version: String(n % 5),
  });
}
