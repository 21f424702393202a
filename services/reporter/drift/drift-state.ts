// What is known of one watch: the newest row of the view `drift_states`, as everybody behind the watch reads it.
// Types and the reading; must never decide anything.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';

export const DRIFT_STATES = ['collecting', 'steady', 'fallen'] as const;

/** A row of `drift_states`. Days are UTC, YYYY-MM-DD; rates are shares of 1. */
export interface DriftState {
  readonly project_id: string;
  readonly watch_id: string;
  readonly prompt_id: string;
  /** Empty: the prompt across its versions. */
  readonly prompt_version: string;
  /** Empty when none is named. */
  readonly surface: string;
  /** The last final day that was looked at. */
  readonly day: string;
  readonly state: (typeof DRIFT_STATES)[number];
  /** With `fallen`: the day from which on the evidence grew. */
  readonly since: string | null;
  /** What went live about then: `version 8`, `model gpt-x 2026-10`; empty when nothing did. */
  readonly deployment: string;
  readonly deployed_on: string | null;
  /** First day of the next four: since the fall, else the last week. */
  readonly from_day: string;
  readonly n: number;
  readonly persons: number;
  readonly rate: number;
  readonly standard_error: number;
  /** Rate of the baseline, 0 while collecting; with its days. */
  readonly baseline: number;
  readonly baseline_days: number;
  readonly baseline_from: string | null;
  readonly baseline_to: string | null;
  readonly sigma: number;
  readonly z: number;
  readonly cusum: number;
  readonly threshold: number;
  /** While collecting: days of enough persons that are missing, and how many persons they need at least. */
  readonly days_needed: number;
  readonly persons_needed: number;
  readonly metric_version: string;
}

/** A watch whose last day is older than this, seen from the project's newest, has ended: its version is gone. Days. */
export const LIVE_DAYS = 14;

/** Columns of `drift_states` as a `DriftState`: whole numbers would come as text. */
export const DRIFT_STATE_COLUMNS = `project_id, watch_id, prompt_id, prompt_version, surface, metric_version, state, day, from_day,
    deployment, since, deployed_on, baseline_from, baseline_to,
    toFloat64(n) AS n, toFloat64(persons) AS persons, rate, standard_error, baseline, toFloat64(baseline_days) AS baseline_days,
    sigma, z, cusum, threshold, toFloat64(days_needed) AS days_needed, toFloat64(persons_needed) AS persons_needed`;

/** Watches of a project that still have people, what has fallen first. */
export async function readDriftStates(clickhouse: ClickHouse, project: string, prompt = ''): Promise<DriftState[]> {
  return await clickhouse.query<DriftState>(
    `SELECT ${DRIFT_STATE_COLUMNS}
     FROM
     (
         SELECT *, max(day) OVER () AS newest_day FROM drift_states
         WHERE project_id = {project:String}
     )
     WHERE day + ${LIVE_DAYS} >= newest_day AND ({prompt:String} = '' OR prompt_id = {prompt:String})
     ORDER BY state DESC, prompt_id, prompt_version, surface, watch_id`,
    { project, prompt },
    READ_SETTINGS,
  );
}
