// The drift watch on a real server: a fall is found and dated, nothing is found in the same days without it, and it does not matter
// how often, when or by whom a look is taken. Seeds are fixed: the same people do the same in every run.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDailyLooks } from '../../../../services/reporter/comparisons/daily-looks.js';
import { createDailyWatch } from '../../../../services/reporter/drift/daily-watch.js';
import { readDriftStates } from '../../../../services/reporter/drift/drift-state.js';
import { watchDrift } from '../../../../services/reporter/drift/watch.js';
import { addDays, utcDay } from '../../../../services/reporter/figures/filter.js';
import { createReporterMetrics } from '../../../../services/reporter/metrics.js';
import { projectSchema } from '../../../../shared/contract/projects.js';
import type { ClickHouse } from '../../../../shared/runtime/clickhouse.js';
import { createLogger } from '../../../../shared/runtime/log.js';
import { startTestClickHouse, type TestClickHouse } from '../../../support/clickhouse.js';
import { insertDriftDays, type DriftDays } from '../../../support/drift-days.js';

const DAY_MS = 86_400_000;
const PROMPTS = 6;
const DAYS = 84;
const STEP_DAY = 56;
/** W + L of a project without settings. */
const SPAN_DAYS = 3;

let clickhouse: TestClickHouse;
let reporter: ClickHouse;
const { signal } = new AbortController();
/** Days are counted back from the present, since old rows expire; from a Thursday, so that weekends are where they were. */
const now = Math.floor(Date.now() / (7 * DAY_MS)) * 7 * DAY_MS;
const from = utcDay(now - (DAYS + SPAN_DAYS) * DAY_MS);
const lastDay = addDays(from, DAYS - 1);
const stepDay = addDays(from, STEP_DAY);
const step = { day: STEP_DAY, drop: 0.08 };

async function insert(project: string, more: Partial<DriftDays> = {}): Promise<void> {
  const made = { project, from, days: DAYS, prompts: PROMPTS, persons: 120, asOf: now };
  await insertDriftDays(clickhouse.migrator, { ...made, ...more });
}

async function look(project: string, asOf = now): Promise<number> {
  return (await watchDrift(reporter, [{ id: project }], asOf, signal)).rows;
}

/** What counts of all days of a project's watches. */
async function judged(project: string): Promise<unknown[]> {
  return await reporter.query(
    `SELECT * EXCEPT (project_id, watch_id, as_of, from_day, n, persons, rate, standard_error) FROM
         (SELECT * FROM drift_looks WHERE project_id = {project:String} ORDER BY as_of LIMIT 1 BY watch_id, day)
     ORDER BY prompt_id, prompt_version, day`,
    { project },
  );
}

async function across(project: string) {
  return (await readDriftStates(reporter, project)).filter(({ prompt_version }) => prompt_version === '');
}

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
  ({ reporter } = clickhouse);
  await insert('fallen', { step });
  await look('fallen');
});

afterAll(async () => {
  await clickhouse.stop();
});

describe('a rate that falls by 8 points on the day a version goes live', () => {
  test('has fallen since about that day, and the version is named', async () => {
    const states = await across('fallen');
    expect(states.map(({ state }) => state)).toEqual(Array.from({ length: PROMPTS }, () => 'fallen'));
    for (const { since, deployment, deployed_on } of states) {
      const days = Math.abs(Date.parse(since ?? '') - Date.parse(stepDay)) / DAY_MS;
      expect(days, String(since)).toBeLessThanOrEqual(3);
      expect({ deployment, deployed_on }).toEqual({ deployment: 'version 8', deployed_on: stepDay });
    }
  });

  test('is found within a fortnight', async () => {
    const rows = await reporter.query<{ first: string }>(
      `SELECT min(day) AS first FROM drift_looks WHERE project_id = 'fallen' AND state = 'fallen' GROUP BY watch_id`,
    );
    expect(rows).toHaveLength(PROMPTS);
    for (const { first } of rows) {
      expect(first >= stepDay, first).toBe(true);
      expect(first <= addDays(stepDay, 14), first).toBe(true);
    }
  });

  test('is shown with the generations, persons and clustered error since then', async () => {
    const [state] = await across('fallen');
    const [row] = await reporter.query<Record<string, number>>(
      `SELECT sum(t.n) AS n, toFloat64(count()) AS persons, sum(t.y) / sum(t.n) AS rate,
           sqrt(persons / (persons - 1) * sum(pow(t.y - t.n * t.r, 2))) / sum(t.n) AS standard_error
       FROM (SELECT n, y, sum(y) OVER () / sum(n) OVER () AS r FROM (
           SELECT toFloat64(sum(mature)) AS n, toFloat64(sum(mature_accepted)) AS y FROM user_days
           WHERE project_id = 'fallen' AND prompt_id = {prompt:String} AND day >= {since:Date} GROUP BY user_key)) AS t`,
      { prompt: state?.prompt_id ?? '', since: state?.since ?? '' },
    );
    expect(state?.day).toBe(lastDay);
    expect([state?.n, state?.persons]).toEqual([row?.['n'], row?.['persons']]);
    expect(state?.rate).toBeCloseTo(row?.['rate'] ?? 0, 12);
    expect(state?.standard_error).toBeCloseTo(row?.['standard_error'] ?? 0, 12);
  });

  test('has a watch of the new version beside it, which knows nothing of the old one', async () => {
    const versions = (await readDriftStates(reporter, 'fallen')).filter(({ prompt_version }) => prompt_version === '8');
    expect(versions).toHaveLength(PROMPTS);
    for (const { state, baseline_from } of versions) expect([state, baseline_from]).toEqual(['steady', stepDay]);
  });
});

describe('nothing is found', () => {
  async function check(project: string, more: Partial<DriftDays>): Promise<void> {
    await insert(project, more);
    await look(project);
    const rows = await reporter.query(
      `SELECT prompt_id, prompt_version, day, cusum FROM drift_looks WHERE project_id = {project:String} AND state = 'fallen'`,
      { project },
    );
    expect(rows).toEqual([]);
    expect((await across(project)).map(({ state }) => state)).toEqual(Array.from({ length: PROMPTS }, () => 'steady'));
  }

  test('in the same days without the fall', async () => {
    await check('still', { step: { ...step, drop: 0 } });
  });

  test('in days that differ by more than chance, since that is divided out', async () => {
    await check('noisy', { dayNoise: 0.06 });
    const [row] = await reporter.query<{ least: number }>(
      `SELECT min(sigma) AS least FROM drift_states WHERE project_id = 'noisy'`,
    );
    expect(row?.least).toBeGreaterThan(1);
  });

  test('in a rhythm of the week, since that is taken out', async () => {
    await check('weekly', { weekend: 0.12 });
    const rows = await reporter.query<{ weekdays: number[] }>(
      `SELECT weekdays FROM drift_states WHERE project_id = 'weekly'`,
    );
    for (const { weekdays } of rows) {
      expect(weekdays).toHaveLength(7);
      expect(Math.max(...weekdays.slice(5))).toBeLessThan(Math.min(...weekdays.slice(0, 5)));
    }
  });
});

describe('a look', () => {
  test('that is repeated, or taken with a clock set back, appends nothing', async () => {
    expect(await look('fallen')).toBe(0);
    expect(await look('fallen', now - 10 * DAY_MS)).toBe(0);
    expect(await look('fallen', now + 5 * DAY_MS)).toBe(0);
  });

  test('changes nothing by having been missed: many looks judge the days as one does', async () => {
    await insert('often', { step });
    for (const daysAgo of [50, 49, 41, 29, 28, 27, 26, 12, 5, 4, 0]) await look('often', now - daysAgo * DAY_MS);
    expect(await judged('often')).toEqual(await judged('fallen'));
  });

  test('taken by two reporters at once is one look', async () => {
    await insert('twice', { step });
    await Promise.all([look('twice'), look('twice')]);
    await look('twice');
    expect(await judged('twice')).toEqual(await judged('fallen'));
  });

  test('reads a day from the moment it is final, and not a millisecond before', async () => {
    await insert('moment', { prompts: 1, days: 2 });
    const final = Date.parse(from) + (1 + SPAN_DAYS) * DAY_MS;
    expect(await look('moment', final - 1)).toBe(0);
    expect(await look('moment', final)).toBe(1);
  });

  test('reads no day that the roll-up judged before it was final', async () => {
    const final = Date.parse(from) + (1 + SPAN_DAYS) * DAY_MS;
    await insert('early', { prompts: 1, days: 1, asOf: final - 1 });
    expect(await look('early')).toBe(0);
  });

  test('waits for an earlier day that the roll-up has still to finish', async () => {
    await insert('behind', { prompts: 1, days: 5 });
    const third = addDays(from, 2);
    await clickhouse.migrator.command(`INSERT INTO tacit.dirty_days (project_id, day) VALUES ('behind', {day:Date})`, {
      day: third,
    });
    expect(await look('behind')).toBe(3);
    await clickhouse.migrator.command(
      `INSERT INTO tacit.rollup_days (day, as_of) VALUES ({day:Date}, fromUnixTimestamp64Milli({as_of:Int64}))`,
      { day: third, as_of: now },
    );
    expect(await look('behind')).toBe(2);
    for (const table of ['dirty_days', 'rollup_days'])
      await clickhouse.migrator.command(`TRUNCATE TABLE tacit.${table}`);
  });
});

test('the daily job takes a drift look behind its own, once a day', async () => {
  await insert('daily', { prompts: 1, days: 3 });
  const log = createLogger('reporter', 'silent');
  let time = now - (DAYS - 2) * DAY_MS;
  const watch = createDailyWatch(reporter, log);
  const looked: number[] = [];
  const job = createDailyLooks({
    clickhouse: reporter,
    projects: () => [{ ...projectSchema.parse({ id: 'daily', hashKey: { value: 'a hash key of a test' } }) }],
    metrics: createReporterMetrics(),
    log,
    clock: async () => await Promise.resolve(time),
    afterLooks: [
      async (projects, asOf, stop) => {
        await watch(projects, asOf, stop);
        const [row] = await reporter.query<{ n: string }>(
          `SELECT count() AS n FROM drift_looks WHERE project_id = 'daily'`,
        );
        looked.push(Number(row?.n));
      },
    ],
  });
  for (const days of [0, 0, 1, 1]) {
    time += days * DAY_MS;
    await job.run(signal);
  }
  expect(looked).toEqual([2, 2, 3, 3]);
});

test('a prompt with too few people a day goes on collecting, and says how many it needs', async () => {
  await insert('few', { prompts: 1, persons: 6 });
  await look('few');
  const [state] = await across('few');
  expect(state).toMatchObject({ state: 'collecting', day: lastDay, days_needed: 28, persons_needed: 560, baseline: 0 });
});

test('a rate that is back is steady again, and what was the case before stays on record', async () => {
  await insert('back', { prompts: 2, step: { day: 40, drop: 0.12, until: 52 } });
  await look('back');
  for (const { state, since, deployment } of await across('back'))
    expect({ state, since, deployment }).toEqual({ state: 'steady', since: null, deployment: '' });
  const fallen = await reporter.query(
    `SELECT DISTINCT watch_id FROM drift_looks WHERE project_id = 'back' AND state = 'fallen' AND deployment = 'version 8'`,
  );
  expect(fallen).toHaveLength(2);
});
