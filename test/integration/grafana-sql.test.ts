// Every query of the dashboards and alert rules, asked by an analyst of a real ClickHouse over days that the real roll-up has computed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createReporterMetrics } from '../../services/reporter/metrics.js';
import { createRollup } from '../../services/reporter/rollup/run.js';
import { createLogger } from '../../shared/runtime/log.js';
import { eventually } from '../support/eventually.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { readAlerts, readDashboards, readDatasources, type Panel } from '../support/grafana.js';
import { fillGrafana, GRAFANA_PROJECTS } from '../support/grafana-data.js';
import { substituted } from '../support/grafana-sql.js';

const DAY_S = 86_400;
/** What analysts read for figures. Never events or generations: a dashboard is opened by many and often. */
const READABLE = new Set(
  [
    ...['rates', 'rate_windows', 'rate_days', 'signal_days', 'rollup_days', 'drops', 'drift_states', 'drift_looks'],
    ...['comparison_verdicts', 'comparison_history', 'comparison_looks', 'comparisons'],
  ].map((table) => `tacit.${table}`),
).add('system.one');

interface Asked {
  readonly name: string;
  readonly sql: string;
  readonly series: boolean;
}

let clickhouse: TestClickHouse;
const to = Math.floor(Date.now() / 1000) + DAY_S;
const values = { project: 'acme', prompt: 'summarise', window: '28', metric: 'default' };
const choice = { values, from: to - 91 * DAY_S, to };

const dashboards = [...readDashboards().values()];
const panels = dashboards
  .flatMap((dashboard) => dashboard.panels)
  .filter(({ datasource }) => datasource.type !== 'prometheus');
const ofPanels: Asked[] = panels.flatMap(({ title, targets }) =>
  targets.flatMap((target) =>
    'rawSql' in target ? [{ name: title, sql: target.rawSql, series: target.format === 0 }] : [],
  ),
);
const ofAlerts: Asked[] = readAlerts().map(({ title, data }) => ({
  name: title,
  sql: data[0].model.rawSql,
  series: false,
}));
const ofVariables: Asked[] = dashboards
  .flatMap(({ templating }) => templating.list)
  .flatMap((variable) =>
    variable.type === 'query' ? [{ name: variable.name, sql: variable.query.rawSql, series: false }] : [],
  );
const everything = [...ofPanels, ...ofAlerts, ...ofVariables];

beforeAll(async () => {
  clickhouse = await startTestClickHouse({ projects: GRAFANA_PROJECTS });
  await fillGrafana(clickhouse);
  const log = createLogger('test', 'silent');
  const rollup = createRollup({ clickhouse: clickhouse.reporter, metrics: createReporterMetrics(), log });
  await rollup.run(new AbortController().signal);
});

afterAll(async () => {
  await clickhouse.stop();
});

async function ask<Row>(sql: string, differences: Partial<typeof values> = {}): Promise<Row[]> {
  return await clickhouse
    .analyst('acme')
    .query<Row>(substituted(sql, { ...choice, values: { ...values, ...differences } }));
}

async function columnsOf(sql: string): Promise<{ readonly name: string; readonly type: string }[]> {
  return await ask(`DESCRIBE TABLE (${sql})`);
}

/** A statement is logged a moment after it was answered. */
async function tablesRead(mark: string): Promise<readonly string[]> {
  const logged = await eventually(
    async () => {
      await clickhouse.migrator.command('SYSTEM FLUSH LOGS');
      return await clickhouse.migrator.query<{ tables: string[] }>(
        `SELECT tables FROM system.query_log WHERE type = 'QueryFinish' AND startsWith(query, {mark:String})`,
        { mark },
      );
    },
    (rows) => rows.length > 0,
  );
  return logged.flatMap(({ tables }) => tables);
}

describe.each(everything)('$name', ({ sql, series }) => {
  test('answers rows of the project, and none of another one', async () => {
    expect((await ask(sql)).length).toBeGreaterThan(0);
    const foreign = await ask<Record<string, unknown>>(sql, { project: 'bolt' });
    expect(foreign.flatMap(Object.values)).not.toContain('bolt');
  });

  test('reads figures only, never events or generations', async () => {
    const mark = `/* ${crypto.randomUUID()} */`;
    await clickhouse.analyst('acme').query(`${mark} ${substituted(sql, choice)}`);
    const tables = await tablesRead(mark);
    expect(tables.length).toBeGreaterThan(0);
    for (const table of tables) expect([...READABLE]).toContain(table);
  });

  test('has the columns that its form needs', async () => {
    const columns = await columnsOf(sql);
    if (!series) return expect(columns.length).toBeGreaterThan(0);
    expect(columns[0]).toMatchObject({ name: 'time', type: expect.stringMatching(/^DateTime/) as string });
    for (const { type } of columns.slice(1))
      expect(type).toMatch(/^((Nullable\()?(U?Int64|Float64)\)?|(LowCardinality\()?String\)?)$/);
  });
});

describe.each(ofAlerts)('the alert "$name"', ({ sql }) => {
  test('gives text as labels and exactly one number', async () => {
    const types = (await columnsOf(sql)).map(({ type }) => type.replace(/^LowCardinality\((.*)\)$/, '$1'));
    expect(types.filter((type) => type !== 'String')).toHaveLength(1);
    expect(types.at(-1)).toMatch(/^(U?Int\d+|Float64)$/);
  });

  test('is silent where nothing is wrong', async () => {
    const rows = await clickhouse.analyst('calm').query<Record<string, number | string>>(substituted(sql, choice));
    for (const row of rows) expect(Number(Object.values(row).at(-1))).toBeLessThan(600);
  });
});

describe('a panel', () => {
  test.each(panels)('$title formats only columns that its query has', async ({ fieldConfig, targets }: Panel) => {
    const [target] = targets;
    if (target === undefined || !('rawSql' in target)) return;
    const names = (await columnsOf(target.rawSql)).map(({ name }) => name);
    for (const { matcher } of fieldConfig.overrides) expect(names).toContain(matcher.options);
  });

  test('no rate is shown without how many generations and persons it rests on', async () => {
    for (const { sql } of ofPanels) {
      const names = (await columnsOf(sql)).map(({ name }) => name);
      if (!names.includes('rate') && !names.includes('difference')) continue;
      expect(names).toContain('generations');
      expect(names).toContain('persons');
    }
  });

  test('outcomes of a day add up to its mature generations', async () => {
    const panel = ofPanels.find(({ name }) => name === 'Outcomes by day');
    const rows = await ask<Record<string, string>>(panel?.sql ?? '');
    const counted = rows.reduce(
      (sum, { accepted, edited, rejected, ignored }) =>
        sum + Number(accepted) + Number(edited) + Number(rejected) + Number(ignored),
      0,
    );
    const [all] = await clickhouse
      .analyst('acme')
      .query<{ mature: string }>(
        "SELECT sum(mature) AS mature FROM rates WHERE project_id = 'acme' AND prompt_id = 'summarise'",
      );
    expect(counted).toBe(Number(all?.mature));
    expect(counted).toBeGreaterThan(0);
  });

  test('rates are those of rate_intervals, version by version', async () => {
    const panel = ofPanels.find(({ name }) => name.startsWith('Acceptance by prompt'));
    const rows = await ask<{ version: string; model_version: string; rate: number; low: number }>(panel?.sql ?? '');
    const expected = await clickhouse.analyst('acme').query<{ version: string; rate: number; low: number }>(
      `SELECT prompt_version AS version, rate, low
       FROM rate_intervals(project = 'acme', from = today() - 27, to = today() + 1) WHERE prompt_id = 'summarise' ORDER BY version`,
    );
    expect(expected.length).toBeGreaterThan(1);
    for (const [i, { version, rate, low }] of expected.entries()) {
      expect(rows[i]).toMatchObject({ version });
      expect(rows[i]?.rate).toBeCloseTo(rate, 9);
      expect(rows[i]?.low).toBeCloseTo(low, 9);
    }
  });

  test('All shows the whole project, and one prompt less of it', async () => {
    const panel = ofPanels.find(({ name }) => name === 'Outcomes by day');
    const sum = async (prompt: string) =>
      (await ask<{ accepted: string }>(panel?.sql ?? '', { prompt })).reduce((n, row) => n + Number(row.accepted), 0);
    expect(await sum('*')).toBeGreaterThan(await sum('summarise'));
  });

  test('a name with a quote in it is a name, and nothing more', async () => {
    for (const { sql } of ofPanels) expect(Array.isArray(await ask(sql, { prompt: "o' OR 1 --" }))).toBe(true);
  });
});

test('the time limit that the data source leads to is allowed to an analyst, and a minute of it would not be', async () => {
  const source = readDatasources().find(({ type }) => type === 'grafana-clickhouse-datasource');
  const sent = Number(source?.jsonData['queryTimeout']) + 5;
  const analyst = clickhouse.analyst('acme');
  expect(await analyst.query('SELECT 1 AS one', {}, { max_execution_time: sent })).toEqual([{ one: 1 }]);
  await expect(analyst.query('SELECT 1', {}, { max_execution_time: 65 })).rejects.toThrow(/max_execution_time/);
});

test('a macro or variable that nobody knows is refused', () => {
  expect(() => substituted('SELECT $__interval_s', choice)).toThrow('there is no macro');
  expect(() => substituted('SELECT ${surface:sqlstring}', choice)).toThrow('there is no variable surface');
  expect(() => substituted('SELECT ${project:csv}', choice)).toThrow('there is no format csv');
});
