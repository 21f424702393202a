// Every figure of every page: the SQL that is shown runs unchanged for the project's analyst, and gives what the page draws and what the
// file holds.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFigure, rowOf, type Asked } from '../../../../services/reporter/figures/figure.js';
import { readFilter, type Period } from '../../../../services/reporter/figures/filter.js';
import { projectTotals, promptRates } from '../../../../services/reporter/figures/rates.js';
import { FIGURES } from '../../../../services/reporter/figures/registry.js';
import { rejectedPrompts } from '../../../../services/reporter/figures/rejected-prompts.js';
import { promptDeployments } from '../../../../services/reporter/figures/trends.js';
import { betaBinomialMoments, shrunkRate } from '../../../../services/reporter/statistics/beta-binomial.js';
import { startTestClickHouse, type TestClickHouse } from '../../../support/clickhouse.js';
import { dayName, daysAgo } from '../../../support/days.js';
import { insertFigures } from '../../../support/figure-data.js';
import { READ_TOKEN, sha256, startReporter, testProject, type TestReporter } from '../../../support/reporter.js';

/** Names that would break out of a literal, of a cell of a spreadsheet, or of a page. */
const QUOTE = `it's \\' "=x"`;
const FORMULA = `=HYPERLINK("x","<b>")`;
const TODAY = new Date().toISOString().slice(0, 10);

let server: TestClickHouse;
let reporter: TestReporter;

beforeAll(async () => {
  server = await startTestClickHouse({ projects: ['demo'] });
  await insertFigures(server, { prompts: ['summarise', QUOTE, FORMULA], days: 12, lastDay: TODAY });
  await insertFigures(server, { project: 'foreign', prompts: ['secret'], days: 2, lastDay: TODAY });
  reporter = await startReporter({
    connection: server.connections.reporter,
    projects: [testProject('demo'), testProject('foreign', { readTokens: [{ sha256: sha256('another') }] })],
    env: { TACIT_ROLLUP_CRON: 'off' },
  });
});
afterAll(async () => {
  await reporter.stop();
  await server.stop();
});

function asked(query: Record<string, string>): Asked {
  const read = readFilter(query, Date.now());
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return { ...read.filter, project: 'demo' };
}

const QUERIES: Record<string, string>[] = [
  { period: 'today', prompt: 'summarise' },
  { period: '28d' },
  { period: '7d', prompt: QUOTE, model: 'aurora' },
  { period: '90d', prompt: FORMULA },
  { period: '365d', prompt: 'summarise' },
  { from: dayName(daysAgo(200)), to: dayName(daysAgo(-1)), prompt: QUOTE },
  { period: '28d', prompt: 'nothing', model: `\\` },
];

/** Sums of fractions depend in their last digits on the order in which they were added. */
function rounded(rows: readonly Readonly<Record<string, unknown>>[]): Record<string, unknown>[] {
  const round = (value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value);
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, round(value)])));
}

describe.each(FIGURES.map((figure) => [figure.id, figure] as const))('%s', (id, figure) => {
  test.each(QUERIES)('for %o the analyst gets what the page draws and what the file holds', async (query) => {
    const made = await readFigure(server.reporter, figure, asked(query));
    expect(made.sql).not.toMatch(/\{\w+:\w+\}/);
    const own = await server.analyst('demo').query<Record<string, unknown>>(made.sql);
    for (const row of own) expect(Object.keys(row)).toEqual(made.columns);
    expect(rounded(own.map((row) => rowOf(figure.columns, row)))).toEqual(rounded(made.rows));
    const answer = await fetch(
      `${reporter.url}/figures/${id}.csv?${new URLSearchParams({ ...query, project: 'demo' })}`,
      {
        headers: { authorization: `Bearer ${READ_TOKEN}` },
      },
    );
    expect(answer.status).toBe(200);
    const lines = (await answer.text()).split('\r\n');
    expect(lines[0]).toBe(made.columns.join(','));
    expect(lines.length).toBe(made.rows.length + 2);
  });
});

test('there are rows to speak of, of one project alone', async () => {
  for (const figure of FIGURES) {
    const { rows } = await readFigure(server.reporter, figure, asked({ period: '28d', prompt: 'summarise' }));
    if (OWN_DATA.includes(figure.id)) expect(rows.length, figure.id).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain('secret');
  }
});
/** Figures that rest on what this file inserts. */
const OWN_DATA = [
  'project-totals',
  'prompt-rates',
  'version-rates',
  'project-trend',
  'rejected-prompts',
  'prompt-trend',
  'prompt-deployments',
  'prompt-signals',
];

test.each(['7d', '28d', '90d', 'today'] as Period[])('%s says the same as its days counted anew', async (period) => {
  const kept = await readFigure(server.reporter, promptRates, asked({ period }));
  const { from, to } = asked({ period });
  const anew = await readFigure(server.reporter, promptRates, asked({ from, to }));
  expect(kept.rows.length).toBe(3);
  expect(rounded(kept.rows)).toEqual(rounded(anew.rows));
});

test('a rate that is shown has its interval around it', async () => {
  const { rows } = await readFigure(server.reporter, projectTotals, asked({ period: '7d' }));
  const [{ low, rate, high, mature, taken, persons } = raise()] = rows;
  expect(rate).toBe(taken / mature);
  expect(low).toBeLessThan(rate ?? 0);
  expect(high).toBeGreaterThan(rate ?? 1);
  expect(persons).toBe(120);
});

function raise(): never {
  throw new Error('there is no row');
}

test('rejected prompts are shrunk in SQL as by the formulas in TypeScript', async () => {
  const { rows } = await readFigure(server.reporter, rejectedPrompts, asked({ period: '7d' }));
  const cells = rows.map(({ rejection_rate, trials }) => ({
    x: (rejection_rate ?? 0) * (trials ?? 0),
    n: trials ?? 0,
  }));
  const fit = betaBinomialMoments(cells) ?? raise();
  expect(rows.length).toBe(3);
  for (const [i, row] of rows.entries()) {
    expect(row.mean).toBeCloseTo(fit.mean, 12);
    expect(row.strength === null ? Infinity : row.strength).toBeCloseTo(fit.strength, 6);
    expect(row.shrunk).toBeCloseTo(shrunkRate(cells[i] ?? raise(), fit), 9);
  }
});

test('what was there from the beginning did not go live; what came later did, on its day', async () => {
  const { rows } = await readFigure(server.reporter, promptDeployments, asked({ period: '28d', prompt: 'summarise' }));
  const day = new Date(Date.parse(TODAY) - 5 * 86_400_000).toISOString().slice(0, 10);
  expect(rows).toEqual([{ day, kind: 'version', name: 'version 8' }]);
});

describe('files', () => {
  const get = async (path: string, token = READ_TOKEN) =>
    await fetch(reporter.url + path, { headers: { authorization: `Bearer ${token}` } });

  test('names that a spreadsheet would run are guarded, numbers are not', async () => {
    const csv = await (await get('/figures/prompt-rates.csv?project=demo&period=7d')).text();
    expect(csv).toContain(`"'=HYPERLINK(""x"",""<b>"")",m-1,`);
    const signals = await (await get('/figures/prompt-signals.csv?project=demo&prompt=summarise')).text();
    expect(signals).toContain(`rating,'=cmd,m-1,`);
  });

  test('a file has a name, a type, and no access without a token of its project', async () => {
    const answer = await get('/figures/prompt-rates.csv?project=demo&period=7d');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="?tacit-prompt-rates-demo-20\d\d-\d\d-\d\d\.csv"?$/,
    );
    expect((await get('/figures/prompt-rates.csv?project=foreign')).status).toBe(404);
    expect((await get('/figures/prompt-rates.csv?project=demo', 'wrong')).status).toBe(401);
    expect((await get(`/figures/prompt-rates.csv?project=demo&token=${READ_TOKEN}`, 'wrong')).status).toBe(401);
  });

  test('what is not there is told, and what cannot be read is named', async () => {
    expect((await get('/figures/nothing.csv?project=demo')).status).toBe(404);
    expect((await get('/figures/prompt-rates.json?project=demo')).status).toBe(404);
    expect((await get('/figures/prompt-rates.csv?project=demo&from=x')).status).toBe(400);
    expect((await get(`/figures/prompt-rates.csv?project=demo&id=${'x'.repeat(200)}`)).status).toBe(200);
    expect((await get(`/figures/prompt-rates.csv?project=demo&id=${'x'.repeat(201)}`)).status).toBe(400);
  });
});
