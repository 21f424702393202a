// Intervals in SQL against numbers of other engines (R's prop.test, sandwich and survey) and one worked by hand.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { dayName, daysAgo } from '../support/days.js';
import { ndjson } from '../support/random-events.js';

const [FIRST_DAY, SECOND_DAY] = [dayName(daysAgo(30)), dayName(daysAgo(29))];

let clickhouse: TestClickHouse;
beforeAll(async () => {
  clickhouse = await startTestClickHouse();
});
afterAll(async () => {
  await clickhouse.stop();
});
afterEach(async () => {
  await clickhouse.migrator.command('TRUNCATE TABLE tacit.user_days');
});

interface Interval {
  persons: string;
  mature: number;
  rate: number;
  low: number | null;
  high: number | null;
  effective_n: number | null;
  design_effect: number | null;
  session_persons: string;
}

/** Persons as [mature, taken]; each person's figures lie in two rows, as the roll-up may leave them. */
async function intervals(persons: readonly (readonly [number, number])[]): Promise<Interval[]> {
  const rows = persons.flatMap(([n, y], index) => {
    const key = {
      project_id: 'acme',
      day: FIRST_DAY,
      prompt_id: 'p',
      user_kind: 'user',
      user_key: String(index + 1),
    };
    const half = Math.floor(y / 2);
    return [
      { ...key, mature: y, mature_accepted: half, mature_edited: y - half },
      { ...key, day: SECOND_DAY, mature: n - y },
    ];
  });
  if (rows.length > 0) await clickhouse.reporter.insertBlock('tacit.user_days', [ndjson(rows)]);
  return await clickhouse.reporter.query<Interval>(
    `SELECT * FROM tacit.rate_intervals(project = 'acme', from = '${FIRST_DAY}', to = '${dayName(daysAgo(28))}')`,
  );
}

function near(found: number | null | undefined, expected: number, relative = 1e-8): void {
  expect(Math.abs((found ?? NaN) - expected)).toBeLessThanOrEqual(relative * Math.abs(expected) + 1e-12);
}

const TWELVE = [
  [16, 3],
  [12, 1],
  [1, 0],
  [24, 4],
  [1, 0],
  [3, 2],
  [5, 4],
  [6, 0],
  [5, 0],
  [11, 3],
  [5, 0],
  [10, 0],
] as const;
const FORTY = [
  [11, 9],
  [2, 1],
  [7, 1],
  [5, 1],
  [3, 1],
  [2, 1],
  [12, 2],
  [5, 3],
  [2, 1],
  [8, 2],
  [1, 1],
  [10, 0],
  [2, 1],
  [5, 0],
  [1, 0],
  [3, 1],
  [1, 0],
  [4, 2],
  [2, 0],
  [2, 2],
  [4, 0],
  [5, 1],
  [4, 0],
  [3, 0],
  [1, 0],
  [3, 0],
  [12, 5],
  [1, 1],
  [5, 3],
  [9, 3],
  [13, 5],
  [7, 3],
  [1, 1],
  [3, 0],
  [3, 1],
  [3, 1],
  [2, 1],
  [4, 2],
  [13, 4],
  [32, 5],
] as const;
const FORTY_EXPECTED = {
  rate: 0.300925925925926,
  designEffect: 2.02227824438726,
  low: 0.219869207094931,
  high: 0.396670767890813,
};

test('twelve persons give the interval that R gives', async () => {
  const [row] = await intervals(TWELVE);
  near(row?.rate, 0.171717171717172);
  near(row?.design_effect, 1.55373481785377);
  near(row?.effective_n, 50.5266203462475);
  near(row?.low, 0.0920167882807366);
  near(row?.high, 0.297808194135618);
});

test('forty persons, beyond the table of t, give the interval that R gives', async () => {
  const [row] = await intervals(FORTY);
  expect(Number(row?.persons)).toBe(40);
  near(row?.rate, FORTY_EXPECTED.rate);
  near(row?.design_effect, FORTY_EXPECTED.designEffect);
  near(row?.low, FORTY_EXPECTED.low);
  near(row?.high, FORTY_EXPECTED.high);
});

test('two persons, one of whom takes all, give the interval worked by hand', async () => {
  // p = 1/2; V = 2/1 * ((2 - 1)^2 + (0 - 1)^2) / 4^2 = 1/4; n_eff = min(4, (1/4) / (1/4)) * (z / 12.7062047362)^2 = 0.0237937
  const [row] = await intervals([
    [2, 2],
    [2, 0],
  ]);
  near(row?.effective_n, (1.959963984540054 / 12.7062047362) ** 2);
  near(row?.design_effect, 4);
  const z2 = 1.959963984540054 ** 2;
  const n = (1.959963984540054 / 12.7062047362) ** 2;
  const half = (Math.sqrt(z2) * Math.sqrt((0.25 + z2 / 4 / n) / n)) / (1 + z2 / n);
  near(row?.low, 0.5 - half);
  near(row?.high, 0.5 + half);
});

test('no success gives exactly 0 below, only successes exactly 1 above, by the number of persons', async () => {
  const none = await intervals(Array.from({ length: 10 }, () => [3, 0] as const));
  expect(none[0]?.low).toBe(0);
  near(none[0]?.high, 0.277532799862889);
  await clickhouse.migrator.command('TRUNCATE TABLE tacit.user_days');
  const all = await intervals(Array.from({ length: 10 }, () => [3, 3] as const));
  expect(all[0]?.high).toBe(1);
  near(all[0]?.low, 1 - 0.277532799862889);
});

test('one person has a rate and no interval; nobody has no row', async () => {
  const [row] = await intervals([[40, 12]]);
  near(row?.rate, 0.3);
  expect([row?.low, row?.high]).toEqual([null, null]);
  await clickhouse.migrator.command('TRUNCATE TABLE tacit.user_days');
  expect(await intervals([])).toEqual([]);
});

test('persons of equal rates are as many as their generations, but for t', async () => {
  const [row] = await intervals(Array.from({ length: 5 }, () => [4, 1] as const));
  near(row?.effective_n, 20 * (1.959963984540054 / 2.7764451052) ** 2);
});

test('the Wilson functions give what R gives, and NULL without a trial', async () => {
  const check = async (k: number, n: number, low: number | null, high: number | null): Promise<void> => {
    const [row] = await clickhouse.reporter.query<{ low: number | null; high: number | null }>(
      'SELECT tacit_wilson_low(toUInt64({k:UInt64}), toUInt64({n:UInt64})) AS low, tacit_wilson_high(toUInt64({k:UInt64}), toUInt64({n:UInt64})) AS high',
      { k, n },
    );
    if (low === null || high === null) expect(row).toEqual({ low: null, high: null });
    else {
      near(row?.low, low, 1e-9);
      near(row?.high, high, 1e-9);
    }
  };
  await check(1, 1, 0.206549314377238, 1);
  await check(0, 10, 0, 0.277532799862889);
  await check(1, 10, 0.0178762130950729, 0.404150026795238);
  await check(0, 1000, 0, 0.00382675848555512);
  await check(1000, 1000, 0.996173241514445, 1);
  await check(3, 1_000_000, 1.02027124096812e-6, 8.82114977431244e-6);
  await check(500_000, 1_000_000, 0.499020019890005, 0.500979980109995);
  await check(0, 0, null, null);
});
