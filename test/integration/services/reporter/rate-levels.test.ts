// The view `rate_levels` at its edges: very large counts, days whose persons are forgotten; and what a period offers to choose from.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFigure } from '../../../../services/reporter/figures/figure.js';
import { readFilter } from '../../../../services/reporter/figures/filter.js';
import { OFFERED_MAX, readOffered } from '../../../../services/reporter/figures/offered.js';
import { versionRates } from '../../../../services/reporter/figures/rates.js';
import { startTestClickHouse, type TestClickHouse } from '../../../support/clickhouse.js';
import { insertFigures } from '../../../support/figure-data.js';
import { hourRates } from '../../../support/hour-rates.js';
import { ndjson } from '../../../support/random-events.js';
import { insertRateDays } from '../../../support/report-tables.js';

const DAY_MS = 86_400_000;
const TODAY = new Date().toISOString().slice(0, 10);

let server: TestClickHouse;
beforeAll(async () => {
  server = await startTestClickHouse();
  await insertFigures(server, { project: 'offer', prompts: ['b', 'a', 'c'], days: 9, lastDay: TODAY });
});
afterAll(async () => {
  await server.stop();
});

function daysAgo(days: number): string {
  return new Date(Date.parse(TODAY) - days * DAY_MS).toISOString().slice(0, 10);
}

/** The same calendar day so many months ago, as ClickHouse counts them. */
async function monthsAgo(months: number): Promise<string> {
  const [row] = await server.migrator.query<{ day: string }>(
    `SELECT toString(toDate(now(), 'UTC') - toIntervalMonth({months:UInt8})) AS day`,
    { months },
  );
  return row?.day ?? '';
}

async function insertPersonDays(project: string, rows: readonly Record<string, unknown>[]): Promise<void> {
  const full = rows.map((row) => ({
    ...{ project_id: project, prompt_id: 'p', metric_version: 'm-1', user_kind: 'user', trusted: 1 },
    ...row,
  }));
  await server.reporter.insertBlock('user_days', [ndjson(full)]);
  await server.reporter.insertBlock('rates', [ndjson(hourRates(full))]);
}

async function levelsOf(project: string, from: string, to: string): Promise<Record<string, unknown>[]> {
  return await server.reporter.query(
    `SELECT * FROM rate_levels(project = {project:String}, from = {from:Date}, to = {to:Date}, level = 'project')`,
    { project, from, to },
  );
}

test('a person has room for 4,294,967,295 generations of each kind', async () => {
  const most = 4_294_967_295;
  const all = { mature: most, mature_accepted: most, shown: most, accepted: most };
  await insertPersonDays('many', [
    { day: daysAgo(3), user_key: '1', ...all, late: most, clock_suspect: most, forced: most },
    { day: daysAgo(3), user_key: '2', mature: most, mature_rejected: most, shown: most, rejected: most },
  ]);
  const [row] = await levelsOf('many', daysAgo(5), TODAY);
  expect(row).toMatchObject({ mature: String(2 * most), taken: String(most), mature_rejected: String(most) });
  expect(row).toMatchObject({ late: String(most), clock_suspect: String(most), forced: String(most), persons: '2' });
  expect(row).toMatchObject({ rate: 0.5, person_rate: 0.5, variance: 0.25 });
});

test('days whose persons are forgotten count nowhere, and the day before them does', async () => {
  const [kept, forgotten] = [daysAgo(2), await monthsAgo(13)];
  const counts = { mature: 8, mature_accepted: 2, shown: 8, accepted: 2 };
  const lastKept = new Date(Date.parse(forgotten) + DAY_MS).toISOString().slice(0, 10);
  const rows = [kept, lastKept, forgotten, daysAgo(450)].map((day) => ({ day, ...counts, user_key: '7' }));
  await insertPersonDays('old', rows);
  const figures = async (from: string) =>
    (await levelsOf('old', from, TODAY)).map(({ mature, shown, taken, persons }) => ({
      mature,
      shown,
      taken,
      persons,
    }));
  const both = [{ mature: '16', shown: '16', taken: '4', persons: '1' }];
  expect(await figures(daysAgo(460))).toEqual(both);
  expect(await figures(lastKept)).toEqual(both);
  expect(await figures(daysAgo(100))).toEqual([{ mature: '8', shown: '8', taken: '2', persons: '1' }]);
  expect(await levelsOf('old', daysAgo(460), forgotten)).toEqual([]);
});

test('counts that the roll-up has swapped in before their persons are no part of a rate', async () => {
  const day = daysAgo(2);
  await insertPersonDays('early', [{ day, user_key: '1', mature: 4, mature_accepted: 1, shown: 4, accepted: 1 }]);
  const counts = { mature: 8, mature_accepted: 8, mature_rejected: 0, shown: 8, accepted: 8 };
  const keys = { project_id: 'early', prompt_id: 'p', metric_version: 'm-1', trusted: 1 };
  await server.reporter.insertBlock('rates', [ndjson(hourRates([{ ...keys, day, ...counts }]))]);
  const [row] = await levelsOf('early', day, TODAY);
  expect(row).toMatchObject({ mature: '4', taken: '1', rate: 0.25, persons: '1', shown: '12', accepted: '9' });
});

test.each([{ period: 'today' }, { period: '28d' }, { period: '365d' }, { from: daysAgo(6), to: daysAgo(1) }])(
  'for %o the prompts and models to choose from are those that have rates',
  async (query) => {
    const read = readFilter(query, Date.now());
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    const filter = { ...read.filter, project: 'offer' };
    const pairs = (rows: readonly { readonly prompt_id: string; readonly model: string }[]) =>
      [...new Set(rows.map(({ prompt_id, model }) => `${prompt_id} ${model}`))].sort();
    const offered = await readOffered(server.reporter, filter);
    expect(pairs(offered)).toEqual(['a aurora', 'b aurora', 'c aurora']);
    expect(pairs((await readFigure(server.reporter, versionRates, filter)).rows)).toEqual(pairs(offered));
  },
);

test.each([OFFERED_MAX, OFFERED_MAX + 1])('of %i pairs the 500 with the most generations are offered', async (n) => {
  const project_id = `pairs-${n}`;
  const prompts = Array.from({ length: n }, (_, i) => ({ prompt_id: `p-${i + 1}`, model: 'm', shown: i + 1 }));
  await insertRateDays(
    server.migrator,
    prompts.map((row) => ({ project_id, level: 'version', day: daysAgo(2), ...row })),
  );
  const offered = await readOffered(server.reporter, { project: project_id, from: daysAgo(3), to: daysAgo(1) });
  expect(offered.map(({ prompt_id }) => prompt_id)).toEqual(
    prompts
      .slice(-OFFERED_MAX)
      .map(({ prompt_id }) => prompt_id)
      .reverse(),
  );
});
