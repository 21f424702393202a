// A report on the real embedded ClickHouse, against figures that SQL finds by itself in `generation_outcomes`.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildReport } from '../../../../../services/reporter/reports/build-report.js';
import { reportSchema, type Report } from '../../../../../services/reporter/reports/report.js';
import { createReporterMetrics } from '../../../../../services/reporter/metrics.js';
import { createRollup } from '../../../../../services/reporter/rollup/run.js';
import { createLogger } from '../../../../../shared/runtime/log.js';
import { startTestClickHouse, type TestClickHouse } from '../../../../support/clickhouse.js';
import { ndjson, randomEvents, randomInserts, RANDOM_SETTINGS } from '../../../../support/random-events.js';
import { seededRandom } from '../../../../support/random.js';
import { definitionOf, projectOf } from '../../../../support/report-parts.js';

const DAY_MS = 86_400_000;
const WINDOW_DAYS = 7;
const random = seededRandom(20_261_130);
/** The slot of today: the window is the seven days before. */
const slot = Math.floor(Date.now() / DAY_MS) * DAY_MS + 6 * 3_600_000;

let server: TestClickHouse;

beforeAll(async () => {
  server = await startTestClickHouse();
  await server.reporter.insertBlock('metric_settings', [ndjson(RANDOM_SETTINGS)]);
  const events = randomEvents(random, 3000, slot - 9 * DAY_MS, 9 * DAY_MS);
  for (const insert of randomInserts(random, events, 2000)) await server.writer.insertBlock('events', [ndjson(insert)]);
  const log = createLogger('test', 'warn');
  const rollup = createRollup({ clickhouse: server.reporter, metrics: createReporterMetrics(), log });
  await rollup.run(new AbortController().signal);
});
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

test('a report over random events obeys its schema', async () => {
  const report = await reportOf('mixed');
  expect(reportSchema.parse(report)).toEqual(report);
  expect(report.metricVersions).toEqual(['mixed1', 'vscode1']);
});
