// What a product has gathered besides its days: looks of two months, a drift watch, reports. In: filled and rolled-up tables. Out: rows of
// the ledgers, made by the product's own jobs once and then copied back in time; how long the jobs took.
import { projectSchema } from '../../shared/contract/projects.js';
import { createLogger } from '../../shared/runtime/log.js';
import { takeLooks } from '../../services/reporter/comparisons/take-looks.js';
import { createDailyWatch } from '../../services/reporter/drift/daily-watch.js';
import { buildReport } from '../../services/reporter/reports/build-report.js';
import { DEFAULT_REPORTS } from '../../services/reporter/reports/definition.js';
import { appendRuns, REPORT_ITSELF } from '../../services/reporter/reports/ledger-rows.js';
import type { TestClickHouse } from '../support/clickhouse.js';
import { timed } from './measure.js';
import type { Product } from './product-data.js';

const DAY_S = 86_400;
const HISTORY_DAYS = 60;

export interface History {
  readonly looksSeconds: number;
  readonly driftSeconds: number;
  readonly reportSeconds: number;
  readonly comparisons: readonly string[];
  /** Slot of the newest report, as its address says it. */
  readonly slot: string;
}

export async function makeHistory(clickhouse: TestClickHouse, products: readonly Product[]): Promise<History> {
  const { reporter, migrator } = clickhouse;
  const projects = products.map(({ project }) =>
    projectSchema.parse({ id: project, hashKey: { value: 'hash-key-of-the-benchmark' } }),
  );
  const never = new AbortController().signal;
  const now = Date.now();
  const looksSeconds = await timed(async () => void (await takeLooks(reporter, projects, now, never)));
  const watch = createDailyWatch(reporter, createLogger('bench', 'silent'));
  const driftSeconds = await timed(async () => await watch(projects, now, never));
  await migrator.command(
    `INSERT INTO comparison_looks SELECT * REPLACE (look_at - toIntervalDay(ago) AS look_at) EXCEPT ago
     FROM comparison_looks ARRAY JOIN range(1, ${HISTORY_DAYS}) AS ago`,
  );
  const comparisons = await migrator.query<{ id: string }>(
    `SELECT DISTINCT comparison_id AS id FROM comparisons WHERE project_id = 'shop' ORDER BY id`,
  );
  const { reportSeconds, slot } = await storeReports(clickhouse, projects[0], now);
  return { looksSeconds, driftSeconds, reportSeconds, comparisons: comparisons.map(({ id }) => id), slot };
}

/** One weekly report is built; it stands for those of all slots of both reports. */
async function storeReports(
  { reporter }: TestClickHouse,
  project: ReturnType<typeof projectSchema.parse> | undefined,
  now: number,
): Promise<{ reportSeconds: number; slot: string }> {
  const definition = DEFAULT_REPORTS.find(({ windowDays }) => windowDays === 28);
  if (project === undefined || definition === undefined) throw new Error('there is nothing to report on');
  const newest = Math.floor(now / 1000 / DAY_S) * DAY_S + 6 * 3600 - DAY_S;
  const frame = { clickhouse: reporter, project, definition, slot: newest * 1000, edition: 1, now };
  let content = '';
  const reportSeconds = await timed(async () => {
    content = JSON.stringify(await buildReport({ ...frame, previous: undefined, publicUrl: undefined }));
  });
  const rows = Array.from({ length: HISTORY_DAYS }, (_, i) => newest - i * DAY_S).flatMap((slot) =>
    DEFAULT_REPORTS.flatMap(({ id }) => {
      const key = { project_id: project.id, report_id: id, slot, edition: 1, attempt: 1, owner: 'bench', detail: '' };
      return [
        { ...key, target: REPORT_ITSELF, status: 'rendered' as const, content },
        { ...key, target: 'file:files', status: 'sent' as const },
      ];
    }),
  );
  await appendRuns(reporter, rows);
  return { reportSeconds, slot: new Date(newest * 1000).toISOString().replace('.000Z', 'Z') };
}
