// A report on the real embedded ClickHouse, against figures that SQL finds by itself in `generation_outcomes`.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildReport } from '../../../../../services/reporter/reports/build-report.js';
import { reportSchema, type Report } from '../../../../../services/reporter/reports/report.js';
import { createReporterMetrics } from '../../../../../services/reporter/metrics.js';
import { createRollup } from '../../../../../services/reporter/rollup/run.js';
import { createLogger } from '../../../../../shared/runtime/log.js';
import { startTestClickHouse, type TestClickHouse } from '../../../../support/clickhouse.js';
import {
  countOf,
  isMature,
  judgedOutcomes,
  rateOf,
  wasShown,
  type JudgedRow,
} from '../../../../support/judged-outcomes.js';
import { ndjson, randomEvents, randomInserts, RANDOM_SETTINGS } from '../../../../support/random-events.js';
import { seededRandom } from '../../../../support/random.js';
import { definitionOf, projectOf } from '../../../../support/report-parts.js';

const DAY_MS = 86_400_000;
const WINDOW_DAYS = 7;
/** Ten days are rolled up before the first test. */
const BUSY_MACHINE_MS = 300_000;
const random = seededRandom(20_261_130);
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
/** The slot of today: the window is the seven days before. */
const slot = today + 6 * 3_600_000;

let server: TestClickHouse;

beforeAll(async () => {
  server = await startTestClickHouse();
  await server.reporter.insertBlock('metric_settings', [ndjson(RANDOM_SETTINGS)]);
  const events = randomEvents(random, 3000, today - 9 * DAY_MS, 9 * DAY_MS);
  for (const insert of randomInserts(random, events, 2000)) await server.writer.insertBlock('events', [ndjson(insert)]);
  const log = createLogger('test', 'warn');
  const rollup = createRollup({ clickhouse: server.reporter, metrics: createReporterMetrics(), log });
  await rollup.run(new AbortController().signal);
}, BUSY_MACHINE_MS);
afterAll(async () => await server.stop());

async function reportOf(project: string, prompts?: string[]): Promise<Report> {
  return await buildReport({
    clickhouse: server.reporter,
    project: projectOf({ id: project }),
    definition: definitionOf({ windowDays: WINDOW_DAYS, ...(prompts === undefined ? {} : { prompts }) }),
    slot,
    edition: 1,
    now: slot + 60_000,
    previous: undefined,
    publicUrl: 'https://tacit.example/',
  });
}

test('a project without any event has a report that says so', async () => {
  const report = reportSchema.parse(await reportOf('nobody'));
  expect(report.notes).toEqual([expect.stringMatching(/^Nothing was shown from .* No event of this project/)]);
  expect(report.totals).toEqual([]);
  expect(report.asOf).toBeNull();
});

/** The same numbers, up to the digits that two implementations of a quantile share. */
function expectAlike(found: Record<string, unknown>, expected: Record<string, unknown>): void {
  const near = (value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value) ? expect.closeTo(value, 6) : value;
  expect(found).toMatchObject(
    Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, near(value)] as const)),
  );
}

describe.each(['fast', 'mixed', 'plain'])('a report over random events of %s', (project) => {
  let report: Report;
  let judged: JudgedRow[];

  beforeAll(async () => {
    report = await reportOf(project);
    judged = await judgedOutcomes(server.reporter, project, report.window.from, report.window.to);
  });

  test('obeys its schema and is made the same way twice, byte by byte', async () => {
    expect(reportSchema.parse(report)).toEqual(report);
    expect(JSON.stringify(await reportOf(project))).toBe(JSON.stringify(report));
  });

  test('has the rates of the whole, per metric version', () => {
    const versions = [...new Set(judged.map(({ metricVersion }) => metricVersion))].sort();
    expect(report.metricVersions).toEqual(versions);
    expect(report.totals.map(({ metricVersion }) => metricVersion)).toEqual(versions);
    for (const total of report.totals)
      expectAlike(total, rateOf(judged.filter(({ metricVersion }) => metricVersion === total.metricVersion)));
  });

  test('has the rates of each prompt version and model', () => {
    const keyOf = (row: JudgedRow | Report['totals'][number]) =>
      JSON.stringify([row.promptId, row.promptVersion, row.model, row.modelVersion, row.metricVersion]);
    const keys = [...new Set(judged.map(keyOf))];
    expect(report.rates?.total).toBe(keys.length);
    expect(report.rates?.rows.map(keyOf).sort()).toEqual(keys.sort());
    for (const row of report.rates?.rows ?? [])
      expectAlike(row, rateOf(judged.filter((each) => keyOf(each) === keyOf(row))));
  });

  test('has the rates of each day, of the whole and of the prompts, per metric version', () => {
    expect(report.trend?.length).toBeGreaterThan(2);
    for (const { promptId, metricVersion, days } of report.trend ?? []) {
      const among = judged.filter(
        (row) => row.metricVersion === metricVersion && (promptId === '' || row.promptId === promptId),
      );
      for (const { final: _, day, ...figures } of days) {
        const found = rateOf(among.filter((row) => row.day === day));
        expectAlike(found, figures.shown === 0 ? { shown: 0 } : figures);
      }
    }
  });

  test('counts why and how of the same generations as the rates', () => {
    const final = (outcome: string) => countOf(judged, (row) => isMature(row) && row.outcome === outcome);
    const kept = countOf(
      judged,
      (row) => isMature(row) && row.outcome === 'edited',
      ({ similarity }) => similarity,
    );
    const [accepted, edited, rejected] = [final('accepted'), final('edited'), final('rejected')];
    expect(report.edits).toMatchObject({ edited, taken: accepted + edited, mature: countOf(judged, isMature) });
    expect(report.edits?.meanSimilarity).toBeCloseTo(kept / edited, 6);
    expect(report.ignores?.ignored).toBe(final('ignored'));
    expect(report.decisions?.decided).toBe(accepted + edited + rejected);
    expect(report.ratings?.shown).toBe(countOf(judged, wasShown));
  });

  test('ranks prompts with as many reasons as rejections', () => {
    expect(report.rejected?.prompts.length).toBeGreaterThan(0);
    for (const { promptId, mature, rejected, reasons } of report.rejected?.prompts ?? []) {
      const of = judged.filter(
        (row) => row.promptId === promptId && row.metricVersion === report.rejected?.metricVersion && isMature(row),
      );
      expect(mature).toBe(countOf(of, isMature));
      expect(rejected).toBe(countOf(of, ({ outcome }) => outcome === 'rejected'));
      expect(reasons.reduce((sum, { generations }) => sum + generations, 0)).toBe(rejected);
    }
  });

  test('has the quality of the data', () => {
    const shownOf = (of: (row: JudgedRow) => number) => countOf(judged, wasShown, of);
    expect(report.quality).toMatchObject({
      shown: countOf(judged, wasShown),
      mature: countOf(judged, isMature),
      orphans: countOf(judged, ({ outcome }) => outcome === 'orphan'),
      notShown: countOf(judged, ({ outcome }) => outcome === 'not_shown'),
      unresolved: countOf(judged, ({ outcome }) => outcome === 'unresolved'),
      clockSuspects: shownOf((row) => row.clockSuspect),
      forced: shownOf((row) => row.forced),
      late: shownOf((row) => row.late),
    });
  });
});
