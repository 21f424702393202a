// The roll-up on the real embedded ClickHouse, against an oracle that shares no code with it.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { EventRow } from '../../../../shared/contract/rows.js';
import { createLogger } from '../../../../shared/runtime/log.js';
import { createReporterMetrics } from '../../../../services/reporter/metrics.js';
import { createRollup, type Rollup } from '../../../../services/reporter/rollup/run.js';
import { GENERATIONS_TABLE, generationsSql } from '../../../../services/reporter/rollup/generations.js';
import { stageSql } from '../../../../services/reporter/rollup/statements.js';
import { startTestClickHouse, type TestClickHouse } from '../../../support/clickhouse.js';
import { DAY_MS, dayName, daysAgo } from '../../../support/days.js';
import type { OracleSettings } from '../../../support/oracle.js';
import { blankEvent, ndjson, randomEvents, randomInserts, RANDOM_SETTINGS } from '../../../support/random-events.js';
import { chooseSeed, seededRandom } from '../../../support/random.js';
import {
  ROLLED_UP_TABLES,
  expectedRolledUp,
  finishedRuns,
  readRates,
  readRolledUp,
  readUserDays,
  skipRest,
} from '../../../support/rolled-up.js';

const seed = chooseSeed(process.env['TACIT_TEST_SEED']);
const random = seededRandom(seed);

let server: TestClickHouse;
let sent: EventRow[] = [];

beforeAll(async () => {
  process.stderr.write(`roll-up: TACIT_TEST_SEED=${seed}\n`);
  server = await startTestClickHouse();
});
afterAll(async () => await server.stop());
afterEach(async () => {
  sent = [];
  for (const table of ROLLED_UP_TABLES) await server.migrator.command(`TRUNCATE TABLE ${table}`);
});

async function send(rows: readonly EventRow[]): Promise<void> {
  sent.push(...rows);
  for (const insert of randomInserts(random, rows, 1000)) await server.writer.insertBlock('events', [ndjson(insert)]);
}

async function setSettings(settings: readonly OracleSettings[]): Promise<void> {
  await server.reporter.insertBlock('metric_settings', [ndjson(settings)]);
}

function newRollup(): Rollup {
  return createRollup({
    clickhouse: server.reporter,
    metrics: createReporterMetrics(),
    log: createLogger('test', 'warn'),
  });
}

async function rollUp(): Promise<void> {
  await newRollup().run(new AbortController().signal);
}

async function expectOracle(settings: readonly OracleSettings[] = RANDOM_SETTINGS): Promise<void> {
  const expected = expectedRolledUp(sent, settings, await finishedRuns(server.reporter));
  const found = await readRolledUp(server.reporter);
  expect(found.rates.length, `seed ${seed}`).toBe(expected.rates.length);
  expect(found.rates, `seed ${seed}`).toEqual(expected.rates);
  expect(found.userDays, `seed ${seed}`).toEqual(expected.userDays);
}

test('rates and user_days of random events equal the oracle, for days old and young', async () => {
  const now = Date.now();
  await setSettings(RANDOM_SETTINGS);
  await send(randomEvents(random, 1500, now - 6 * DAY_MS, 6 * DAY_MS));
  await send(
    randomEvents(random, 500, now - 60 * DAY_MS, DAY_MS).map((row) => ({
      ...row,
      generation_id: `old-${row.generation_id}`,
    })),
  );
  await rollUp();
  await expectOracle();
  const rates = await readRates(server.reporter);
  for (const outcome of ['not_shown', 'orphan', 'rejected', 'edited', 'accepted', 'ignored', 'unresolved'])
    expect(
      rates.some((row) => Number(row[outcome]) > 0),
      outcome,
    ).toBe(true);
});

test('every row of a day carries the as_of of its run, and the ledger counts what was read', async () => {
  const from = daysAgo(150);
  await send(randomEvents(random, 400, from, 3 * DAY_MS));
  await rollUp();
  for (const table of ['rates', 'user_days']) {
    const column = table === 'rates' ? 'toDate(hour)' : 'day';
    const odd = await server.reporter.query(
      `SELECT 1 FROM ${table} AS t INNER JOIN (SELECT * FROM rollup_days FINAL) AS r ON r.day = ${column} WHERE t.as_of != r.as_of`,
    );
    expect(odd, table).toEqual([]);
  }
  const ledger = await server.reporter.query<{ n: string }>(`SELECT sum(generations) AS n FROM rollup_days FINAL`);
  const distinct = new Set(sent.map(({ project_id, generation_id }) => `${project_id} ${generation_id}`));
  expect(Number(ledger[0]?.n)).toBe(distinct.size);
});

test('a late event restates its day and no other', async () => {
  const at = daysAgo(180) + DAY_MS / 2;
  const shown = (day: number): EventRow =>
    blankEvent({
      project_id: 'plain',
      generation_id: `g${day}`,
      generated_at: at + day * DAY_MS,
      occurred_at: at + day * DAY_MS,
      received_at: at + day * DAY_MS,
      event_id: random.uuid(),
      event_type: 'shown',
      shows: 1,
    });
  await send([shown(0), shown(1)]);
  await rollUp();
  expect(await readRates(server.reporter)).toMatchObject([{ ignored: 1 }, { ignored: 1 }]);
  const before = await finishedRuns(server.reporter);
  // what was ingested a moment ago is looked at again in any case: let both days have been quiet for long
  await server.migrator.command(
    `ALTER TABLE dirty_days UPDATE last_ingested_at = last_ingested_at - INTERVAL 1 HOUR WHERE 1 SETTINGS mutations_sync = 1`,
  );
  await skipRest(server.reporter);
  await send([
    { ...shown(0), event_id: random.uuid(), event_type: 'copy', shows: 0, decides: 'accept', decision_value: 1 },
  ]);
  await rollUp();
  const after = await finishedRuns(server.reporter);
  expect(after.get(dayName(at))).toBeGreaterThan(before.get(dayName(at)) ?? 0);
  expect(after.get(dayName(at + DAY_MS))).toBe(before.get(dayName(at + DAY_MS)));
  expect(await readRates(server.reporter)).toMatchObject([{ accepted: 1, ignored: 0 }, { ignored: 1 }]);
  await expectOracle();
});

test('changed settings restate every day of their project', async () => {
  await setSettings(RANDOM_SETTINGS);
  await send(randomEvents(random, 300, daysAgo(182), 2 * DAY_MS));
  await rollUp();
  await expectOracle();
  await server.migrator.command(
    `ALTER TABLE dirty_days UPDATE last_ingested_at = last_ingested_at - INTERVAL 1 HOUR WHERE 1 SETTINGS mutations_sync = 1`,
  );
  await skipRest(server.reporter);
  const changed = RANDOM_SETTINGS.map((row) => ({
    ...row,
    metric_version: `${row.metric_version}-b`,
    theta_same: 0.4,
    theta_replace: 0.1,
  }));
  await setSettings(changed);
  await rollUp();
  await expectOracle(changed);
});

test('a project that got no event keeps its figures when its day is computed again', async () => {
  const from = daysAgo(170);
  const rows = randomEvents(random, 400, from, DAY_MS);
  await send(rows.filter(({ project_id }) => project_id !== 'fast'));
  await rollUp();
  const mixed = (all: Record<string, unknown>[]) => all.filter((row) => row['project_id'] === 'mixed');
  const before = mixed(await readUserDays(server.reporter));
  await skipRest(server.reporter);
  await send(rows.filter(({ project_id }) => project_id === 'fast'));
  await rollUp();
  expect(mixed(await readUserDays(server.reporter))).toEqual(before);
  await expectOracle([]);
});

test('a day that lost all its generations loses its figures', async () => {
  const from = daysAgo(160);
  await send(randomEvents(random, 100, from, 2 * DAY_MS));
  await rollUp();
  expect((await readRates(server.reporter)).some((row) => String(row['hour']).startsWith(dayName(from)))).toBe(true);
  await server.migrator.command(
    `ALTER TABLE generations DELETE WHERE toDate(hour) = '${dayName(from)}' SETTINGS mutations_sync = 1`,
  );
  sent = sent.filter(({ generated_at }) => generated_at >= from + DAY_MS);
  await skipRest(server.reporter);
  await rollUp();
  expect((await readRates(server.reporter)).some((row) => String(row['hour']).startsWith(dayName(from)))).toBe(false);
  await expectOracle([]);
});

test('a day older than twelve months is never computed again, and its late events are counted', async () => {
  const old = Date.now() - 380 * DAY_MS;
  await send(randomEvents(random, 50, old, 1000));
  const metrics = createReporterMetrics();
  await createRollup({ clickhouse: server.reporter, metrics, log: createLogger('test', 'warn') }).run(
    new AbortController().signal,
  );
  expect(await readRates(server.reporter)).toEqual([]);
  const { values } = await metrics.lateForever.get();
  expect(values[0]?.value).toBe(new Set(sent.map(({ event_id }) => event_id)).size);
});

test('slices of an hour add up to the hour, each generation in exactly one of them', async () => {
  const from = daysAgo(178);
  await send(randomEvents(random, 300, from, 3_600_000));
  const counts: Record<string, unknown>[] = [];
  const generations = 'tacit_work.sliced_generations';
  await server.reporter.command(`CREATE TABLE ${generations} ${GENERATIONS_TABLE}`);
  for (const slices of [1, 3]) {
    const stage = `tacit_work.sliced_${slices}`;
    await server.reporter.command(`CREATE TABLE ${stage} AS rollup_staging`);
    for (let slice = 0; slice < slices; slice++) {
      const chunk = { from: from / 1000, to: from / 1000 + 3600, slices, slice };
      await server.reporter.command(generationsSql(generations), { as_of: Date.now(), ...chunk });
      await server.reporter.command(stageSql(generations, stage));
      await server.reporter.command(`TRUNCATE TABLE ${generations}`);
    }
    const sums = ['not_shown', 'orphan', 'shown', 'rejected', 'edited', 'accepted', 'ignored', 'mature', 'late'];
    const [row] = await server.reporter.query<Record<string, unknown>>(
      `SELECT ${sums.map((sum) => `sum(t.${sum}) AS ${sum}`).join(', ')} FROM ${stage} AS t`,
    );
    counts.push(row ?? {});
    await server.reporter.command(`DROP TABLE ${stage} SYNC`);
  }
  await server.reporter.command(`DROP TABLE ${generations} SYNC`);
  expect(counts[1]).toEqual(counts[0]);
  expect(Number(counts[0]?.['shown'])).toBeGreaterThan(0);
});

test('a run leaves no table behind', async () => {
  await send(randomEvents(random, 50, daysAgo(178), 1000));
  await rollUp();
  expect(
    await server.migrator.query(
      `SELECT name FROM system.tables WHERE database = 'tacit_work' AND startsWith(name, 'rollup_')`,
    ),
  ).toEqual([]);
});
