// What went live, as the page of a prompt and a report mark it: at the limit and past it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFigure } from '../../../../services/reporter/figures/figure.js';
import { DEPLOYMENTS_MAX, promptDeployments } from '../../../../services/reporter/figures/trends.js';
import { startTestClickHouse, type TestClickHouse } from '../../../support/clickhouse.js';
import { calendarOf, insertRateDays, TABLES_PROJECT } from '../../../support/report-tables.js';

const { day } = calendarOf(Date.now());

let server: TestClickHouse;
beforeAll(async () => {
  server = await startTestClickHouse();
});
afterAll(async () => {
  await server.stop();
});

const A_DAY = 10;
const named = (i: number) => String(i).padStart(3, '0');

/** One version, and after it `count` others, ten a day up to the last day. */
async function insertVersions(prompt_id: string, count: number): Promise<number> {
  const oldest = Math.ceil(count / A_DAY) + 1;
  const others = Array.from({ length: count }, (_, i) => [i + 1, Math.ceil((count - i) / A_DAY)] as const);
  const rows = [[0, oldest] as const, ...others].map(([version, before]) => ({
    ...{ level: 'version', prompt_id, prompt_version: named(version), shown: 100, day: day(before) },
  }));
  await insertRateDays(server.migrator, rows);
  return oldest;
}

test.each([DEPLOYMENTS_MAX, DEPLOYMENTS_MAX + 1])(
  'of %i that went live the newest hundred stand, by day',
  async (n) => {
    const prompt = `p-${n}`;
    const oldest = await insertVersions(prompt, n);
    const asked = { project: TABLES_PROJECT, prompt, from: day(oldest), to: day(0) };
    const { rows } = await readFigure(server.reporter, promptDeployments, asked);
    const newest = Array.from({ length: DEPLOYMENTS_MAX }, (_, i) => `version ${named(n - DEPLOYMENTS_MAX + 1 + i)}`);
    expect(rows.map(({ name }) => name)).toEqual(newest);
    expect([rows[0]?.day, rows.at(-1)?.day]).toEqual([day(DEPLOYMENTS_MAX / A_DAY), day(1)]);
  },
);
