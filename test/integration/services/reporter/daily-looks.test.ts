// The daily job, day by day on a real ClickHouse: looks repeated and missed, two reporters, a clock set back, days not final yet,
// events that come late.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createClickHouse } from '../../../../shared/runtime/clickhouse.js';
import { readDayFacts } from '../../../../services/reporter/rollup/day-facts.js';
import { blankEvent, ndjson } from '../../../support/random-events.js';
import { startTestClickHouse, type TestClickHouse } from '../../../support/clickhouse.js';
import { DAY_MS, dailyStage, SPAN_MS } from '../../../support/daily-stage.js';
import { eventually } from '../../../support/eventually.js';
import { startReporter, testProject } from '../../../support/reporter.js';

let server: TestClickHouse;
beforeAll(async () => {
  server = await startTestClickHouse();
});
afterAll(async () => await server.stop());
afterEach(async () => {
  const tables = ['events', 'generations', 'dirty_days', 'rates', 'user_days', 'rollup_days'];
  for (const table of [...tables, 'metric_settings', 'comparisons', 'comparison_looks'])
    await server.migrator.command(`TRUNCATE TABLE ${table}`);
});

/** Tables in the work database besides those of leases. */
async function leftTables(): Promise<string[]> {
  const rows = await server.migrator.query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = 'tacit_work' AND NOT startsWith(name, 'lease_')`,
  );
  return rows.map(({ name }) => name);
}

test('one look a day: tried again it is done, after a restart too, and leaves no table behind', async () => {
  const stage = dailyStage(server);
  for (const day of [0, 1]) await stage.send(day);
  const now = stage.at(5, 1);
  await stage.rollUp([0, 1], now);
  const run = stage.reporter();
  expect(await run(now)).toBe('taken');
  expect(await run(now + 3_600_000)).toBe('done');
  expect(await stage.reporter()(now + 7_200_000)).toBe('done');
  expect(await stage.looks()).toEqual([
    {
      day: stage.name(5),
      to_day: stage.name(1),
      n_a: '70',
      n_b: '70',
      rate_b: 17 / 35,
      gates: ['too_few_failures'],
      warnings: [],
    },
  ]);
  expect(await leftTables()).toEqual([]);
});

test('missed days leave no look, and the next look reads what became final meanwhile', async () => {
  const stage = dailyStage(server);
  for (const day of [0, 1, 2, 3]) await stage.send(day);
  await stage.rollUp([0, 1, 2, 3], stage.at(4, 1));
  const run = stage.reporter();
  expect(await run(stage.at(4, 1))).toBe('taken');
  await stage.rollUp([0, 1, 2, 3], stage.at(8));
  expect(await run(stage.at(8, 1))).toBe('taken');
  expect((await stage.looks()).map(({ day, to_day }) => [day, to_day])).toEqual([
    [stage.name(4), stage.name(0)],
    [stage.name(8), stage.name(3)],
  ]);
});

test('of two reporters at once one takes the look', async () => {
  const stage = dailyStage(server);
  await stage.send(0);
  const now = stage.at(4, 1);
  await stage.rollUp([0], now);
  const second = createClickHouse(server.connections.reporter);
  try {
    const results = await Promise.all([stage.reporter()(now), stage.reporter(second)(now)]);
    expect(results.filter((result) => result === 'taken')).toHaveLength(1);
    expect(results.filter((result) => result !== 'taken' && result !== 'busy' && result !== 'done')).toEqual([]);
    expect(await stage.looks()).toHaveLength(1);
  } finally {
    await second.close();
  }
});

test('a clock set back takes no second look of a day, and none at days that were rolled up in its future', async () => {
  const stage = dailyStage(server);
  for (const day of [0, 1]) await stage.send(day);
  await stage.rollUp([0, 1], stage.at(5, 1));
  const run = stage.reporter();
  expect(await run(stage.at(5, 1))).toBe('taken');
  expect(await stage.reporter()(stage.at(5))).toBe('done');
  expect(await stage.reporter()(stage.at(4, 1))).toBe('waiting');
  expect(await stage.looks()).toHaveLength(1);
  // rolled up again under the clock that was set back, the earlier day has its own look, at the days that were final then
  await stage.rollUp([0, 1], stage.at(4, 1));
  expect(await stage.reporter()(stage.at(4, 1))).toBe('taken');
  expect((await stage.looks()).map(({ day, to_day }) => [day, to_day])).toEqual([
    [stage.name(4), stage.name(0)],
    [stage.name(5), stage.name(1)],
  ]);
});

test('a day is read from the millisecond on at which it is final, and the look waits for its roll-up', async () => {
  const stage = dailyStage(server);
  for (const day of [0, 1]) await stage.send(day);
  const final = stage.at(2) + SPAN_MS;
  await stage.rollUp([0, 1], final - 1);
  const run = stage.reporter();
  expect(await run(final - 1)).toBe('taken');
  expect(await run(final)).toBe('waiting');
  await stage.rollUp([0, 1], final);
  expect(await run(final)).toBe('taken');
  expect((await stage.looks()).map(({ to_day, n_b }) => [to_day, n_b])).toEqual([
    [stage.name(0), '35'],
    [stage.name(1), '70'],
  ]);
});

test('late events open a final day again: the look waits for its roll-up, reads it anew and says that it came late', async () => {
  const stage = dailyStage(server);
  for (const day of [0, 1]) await stage.send(day);
  await stage.rollUp([0, 1], stage.at(5, 1));
  const run = stage.reporter();
  expect(await run(stage.at(5, 1))).toBe('taken');
  await stage.sendLate(1, stage.at(5, 20));
  expect(await run(stage.at(6, 1))).toBe('waiting');
  await stage.rollUp([1], stage.at(6, 1));
  expect(await run(stage.at(6, 2))).toBe('taken');
  const [before, after] = await stage.looks();
  expect(before?.warnings).toEqual([]);
  expect(after).toMatchObject({ to_day: stage.name(1), n_b: '70', warnings: ['late_share'] });
  expect(after?.rate_b).toBeCloseTo((before?.rate_b ?? 0) / 2, 12);
});

test('a reporter as it runs in production takes the look by its schedule, once, and counts it', async () => {
  const day = new Date(Date.now() - 10 * DAY_MS).toISOString().slice(0, 10);
  const rows = Array.from({ length: 70 }, (_, person) => ({
    project_id: 'acme',
    day,
    prompt_id: 'p',
    experiment: 'e',
    arm: person % 2 === 0 ? 'A' : 'B',
    assignment: 'randomised:user',
    metric_version: 'named',
    user_kind: 'user',
    user_key: person,
    shown: 2,
    mature: 2,
    mature_accepted: person % 3,
    as_of: Date.now(),
  }));
  await server.migrator.insertBlock('user_days', [Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))]);
  const reporter = await startReporter({
    connection: server.connections.reporter,
    projects: [testProject('acme', { settings: { metricVersion: 'named' } })],
    env: { TACIT_COMPARISON_CRON: '* * * * * *' },
  });
  try {
    const stage = dailyStage(server);
    await eventually(
      async () => await stage.looks(),
      (looks) => looks.length > 0,
      60_000,
    );
    const readMetrics = async () => await (await fetch(`${reporter.url}/metrics`)).text();
    const done = /^tacit_reporter_look_runs_total\{result="done"\} [1-9]/m;
    const metrics = await eventually(readMetrics, (text) => done.test(text), 60_000);
    expect(metrics).toMatch(/^tacit_reporter_looks_total [1-9]/m);
    const looks = await stage.looks();
    expect(looks).toHaveLength(new Set(looks.map((look) => look.day)).size);
    expect(looks[0]).toMatchObject({ to_day: day, n_a: '70', n_b: '70', gates: [] });
  } finally {
    await reporter.kill();
  }
});

test('a day settles W + L after its end, or after its last show where that is later: only then is it judged as final', async () => {
  const stage = dailyStage(server);
  await stage.send(0);
  const settled = async () => (await readDayFacts(server.reporter)).days.map(({ settledAt }) => settledAt);
  expect(await settled()).toEqual([stage.at(1) + SPAN_MS]);
  const shown = { event_type: 'shown', shows: 1, received_at: stage.at(1, 5), occurred_at: stage.at(1, 5) } as const;
  await server.writer.insertBlock('events', [ndjson([blankEvent({ generated_at: stage.at(0, 23), ...shown })])]);
  expect(await settled()).toEqual([stage.at(1, 5) + 1000 + SPAN_MS]);
});
