// What the events of a day say beside the outcome, on the real embedded ClickHouse, against an oracle that shares no code with it.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { EventRow } from '../../../../shared/contract/rows.js';
import { recomputeDay } from '../../../../services/reporter/rollup/recompute-day.js';
import { startTestClickHouse, type TestClickHouse } from '../../../support/clickhouse.js';
import { DAY_MS, dayName, daysAgo } from '../../../support/days.js';
import { oracleSignals } from '../../../support/oracle-signals.js';
import { ndjson, randomEvents, randomInserts, RANDOM_SETTINGS } from '../../../support/random-events.js';
import { chooseSeed, seededRandom } from '../../../support/random.js';
import { withSignals } from '../../../support/random-signals.js';
import { ROLLED_UP_TABLES, finishedRuns, readSignals } from '../../../support/rolled-up.js';

const seed = chooseSeed(process.env['TACIT_TEST_SEED']);
const random = seededRandom(seed);
const never = new AbortController().signal;

let server: TestClickHouse;
beforeAll(async () => {
  process.stderr.write(`roll-up of signals: TACIT_TEST_SEED=${seed}\n`);
  server = await startTestClickHouse();
});
afterAll(async () => await server.stop());
afterEach(async () => {
  for (const table of ROLLED_UP_TABLES) await server.migrator.command(`TRUNCATE TABLE ${table}`);
});

async function send(rows: readonly EventRow[]): Promise<void> {
  for (const insert of randomInserts(random, rows, 1500)) await server.writer.insertBlock('events', [ndjson(insert)]);
}

async function rollUp(day: string): Promise<number> {
  await recomputeDay(server.reporter, day, never);
  return (await finishedRuns(server.reporter)).get(day) ?? 0;
}

test.each([
  ['an old day', 20 * DAY_MS],
  ['a day of yesterday, partly young', DAY_MS],
])('signal_days of %s equals the oracle, before and after copies of events are merged', async (_, back) => {
  await server.reporter.insertBlock('metric_settings', [ndjson(RANDOM_SETTINGS)]);
  const day = dayName(Date.now() - back);
  const rows = withSignals(random, randomEvents(random, 900, Date.parse(day), DAY_MS));
  await send(rows);
  const asOf = await rollUp(day);
  const found = await readSignals(server.reporter);
  expect(found, `seed ${seed}`).toEqual(oracleSignals(rows, RANDOM_SETTINGS, asOf));
  const signals = new Set(found.map(({ key }) => (JSON.parse(key) as string[]).at(-2)));
  expect([...signals].sort()).toEqual([
    'decide_time',
    'edit_size',
    'ignore_reason',
    'rating',
    'reject_reason',
    'retention',
    'take_method',
  ]);
  await server.migrator.command('OPTIMIZE TABLE events FINAL');
  expect(await readSignals(server.reporter)).toEqual(found);
  const again = await rollUp(day);
  expect(await readSignals(server.reporter), `seed ${seed}`).toEqual(oracleSignals(rows, RANDOM_SETTINGS, again));
});

test('signals add up to the counts of rates: each rejected generation has one reason, each decided one a time', async () => {
  const day = dayName(daysAgo(150));
  await send(withSignals(random, randomEvents(random, 500, Date.parse(day), DAY_MS)));
  await rollUp(day);
  const [row] = await server.reporter.query<Record<string, string>>(
    `SELECT
       (SELECT (sum(mature_rejected), sum(r.ignored), sum(mature_edited), sum(mature_rejected + mature_edited + mature_accepted), sum(mature_edited + mature_accepted)) FROM rates AS r) AS counts,
       (SELECT (sumIf(generations, signal = 'reject_reason'), sumIf(generations, signal = 'ignore_reason'), sumIf(generations, signal = 'edit_size'),
          sumIf(generations, signal = 'decide_time'), sumIf(generations, signal = 'take_method')) FROM signal_days) AS signals`,
  );
  expect(row?.['signals'], `seed ${seed}`).toEqual(row?.['counts']);
});

test('a day without signals has no rows, also when it had some before', async () => {
  const day = dayName(daysAgo(149));
  const rows = withSignals(random, randomEvents(random, 60, Date.parse(day), DAY_MS));
  await send(rows);
  await rollUp(day);
  expect((await readSignals(server.reporter)).length).toBeGreaterThan(0);
  await server.migrator.command('TRUNCATE TABLE events');
  await server.migrator.command('TRUNCATE TABLE generations');
  await send(rows.filter(({ event_type }) => event_type === 'generated'));
  await rollUp(day);
  expect(await readSignals(server.reporter)).toEqual([]);
  expect((await server.reporter.query(`SELECT 1 FROM rates`)).length).toBeGreaterThan(0);
  await server.migrator.command('TRUNCATE TABLE generations');
  await rollUp(day);
  for (const table of ['rates', 'user_days', 'rate_days', 'signal_days'])
    expect(await server.reporter.query(`SELECT 1 FROM ${table}`), table).toEqual([]);
});
