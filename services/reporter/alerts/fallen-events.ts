// Finds rates that have fallen. In: the view `drift_states`, the projects' settings. Out: events with the day on which each was
// first known. What goes out is decided later, from the ledger.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { MetricSettings } from '../../../shared/contract/projects.js';
import { driftSentence } from '../drift/drift-sentence.js';
import { DRIFT_STATE_COLUMNS, LIVE_DAYS, type DriftState } from '../drift/drift-state.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';
import { wilson } from '../statistics/wilson.js';
import { alertId, fallLink, type Alert, type AlertEvent } from './alert.js';

const DAY_MS = 86_400_000;

export interface WatchedProject {
  readonly id: string;
  readonly settings: Pick<MetricSettings, 'windowS' | 'latenessS'>;
  readonly surfaces: Readonly<Record<string, Pick<MetricSettings, 'windowS' | 'latenessS'>>>;
}

export type FallenRow = DriftState & { readonly looked: string; readonly fired_day: string };

/** Watches that are fallen, of projects that are asked for and whose days still come. */
export async function readFallen(
  clickhouse: ClickHouse,
  projects: readonly WatchedProject[],
  publicUrl: string,
): Promise<AlertEvent[]> {
  const rows = await clickhouse.query<FallenRow>(
    `SELECT ${DRIFT_STATE_COLUMNS}, formatDateTime(as_of, '%Y-%m-%dT%H:%i:%SZ') AS looked, toString(f.fired_on) AS fired_day
     FROM (SELECT *, max(day) OVER (PARTITION BY project_id) AS newest_day FROM drift_states) AS s
     INNER JOIN
     (
         SELECT project_id, watch_id, since, min(day) AS fired_on FROM drift_looks
         WHERE state = 'fallen' GROUP BY project_id, watch_id, since
     ) AS f USING (project_id, watch_id, since)
     WHERE state = 'fallen' AND has({projects:Array(String)}, project_id) AND day + ${LIVE_DAYS} >= newest_day
     ORDER BY project_id, watch_id`,
    { projects: projects.map(({ id }) => id) },
    READ_SETTINGS,
  );
  return rows.flatMap((row) => {
    const project = projects.find(({ id }) => id === row.project_id);
    return project === undefined ? [] : [fallenEvent(row, project, publicUrl)];
  });
}

/** Pure. A day is known when it is final, W + L after its end: that is when the event was first so. */
export function fallenEvent(row: FallenRow, project: WatchedProject, publicUrl: string): AlertEvent {
  const { windowS, latenessS } = project.surfaces[row.surface] ?? project.settings;
  const finalAt = Date.parse(row.fired_day) + DAY_MS + (windowS + latenessS) * 1000;
  const since = row.since ?? row.fired_day;
  const alert: Alert = {
    kind: 'fallen',
    version: 1,
    id: alertId('fallen', row.project_id, row.watch_id, since),
    project: row.project_id,
    prompt: row.prompt_id,
    surface: row.surface,
    since,
    sentence: driftSentence(row),
    n: row.n,
    persons: row.persons,
    metricVersion: row.metric_version,
    asOf: row.looked,
    link: fallLink(publicUrl, row.project_id, row.prompt_id),
    interval: { ...rateInterval(row), level: 0.95 },
    drift: {
      watch: row.watch_id,
      promptVersion: row.prompt_version,
      rate: row.rate,
      baseline: row.baseline,
      deployment: row.deployment,
      deployedOn: row.deployed_on,
    },
  };
  return { firedOn: new Date(finalAt).toISOString().slice(0, 10), alert };
}

/** Wilson's interval over as many independent trials as the standard error is worth; all that is known when it is 0. */
function rateInterval({ n, rate, standard_error }: DriftState): { low: number; high: number } {
  const trials = standard_error > 0 ? Math.min(n, (rate * (1 - rate)) / standard_error ** 2) : n;
  return wilson(rate * trials, trials) ?? { low: 0, high: 1 };
}
