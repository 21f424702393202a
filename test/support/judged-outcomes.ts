// Outcomes of a project's generations, each day judged at the instant at which its roll-up judged it: what figures that were rolled up
// can be checked against. In: a server, days. Out: counts per cell, person and outcome; rates of them by the formulas in TypeScript.
import { clusteredRate, personSums } from '../../services/reporter/statistics/clustered-rate.js';
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import { finishedRuns } from './rolled-up.js';

export interface JudgedRow {
  readonly day: string;
  readonly promptId: string;
  readonly promptVersion: string;
  readonly model: string;
  readonly modelVersion: string;
  readonly metricVersion: string;
  /** Kind and key. */
  readonly person: string;
  readonly outcome: string;
  readonly mature: number;
  readonly n: number;
  readonly similarity: number;
  readonly clockSuspect: number;
  readonly forced: number;
  readonly late: number;
}

/** Kind of a person in `outcomes_at`. */
const SESSION = 1;

const SQL = `
SELECT {day:String} AS day, prompt_id AS promptId, prompt_version AS promptVersion, model AS model, model_version AS modelVersion, metric_version AS metricVersion,
    concat(toString(user_kind), ' ', toString(user_key)) AS person, outcome, toUInt8(o.mature) AS mature, toFloat64(count()) AS n,
    sum(o.similarity) AS similarity, toFloat64(sum(o.clock_suspect)) AS clockSuspect, toFloat64(sum(o.forced)) AS forced, toFloat64(sum(o.late)) AS late
FROM outcomes_at(as_of = fromUnixTimestamp64Milli({as_of:Int64}, 'UTC')) AS o
WHERE project_id = {project:String} AND hour >= toDateTime({day:String}, 'UTC') AND hour < toDateTime({day:String}, 'UTC') + INTERVAL 1 DAY
GROUP BY ALL`;

/** Days that were rolled up, from `from` on, before `to`. */
export async function judgedOutcomes(
  clickhouse: ClickHouse,
  project: string,
  from: string,
  to: string,
): Promise<JudgedRow[]> {
  const found: JudgedRow[] = [];
  for (const [day, as_of] of await finishedRuns(clickhouse)) {
    if (day >= from && day < to) found.push(...(await clickhouse.query<JudgedRow>(SQL, { project, day, as_of })));
  }
  return found;
}

export function countOf(
  rows: readonly JudgedRow[],
  is: (row: JudgedRow) => boolean,
  of: (row: JudgedRow) => number = (row) => row.n,
) {
  return rows.filter(is).reduce((sum, row) => sum + of(row), 0);
}

export const wasShown = ({ outcome }: JudgedRow) => outcome !== 'not_shown' && outcome !== 'orphan';
export const isMature = ({ mature }: JudgedRow) => mature === 1;
export const wasTaken = ({ outcome }: JudgedRow) => outcome === 'accepted' || outcome === 'edited';

/** Rate of the mature ones, as a report gives it. */
export function rateOf(rows: readonly JudgedRow[]) {
  const persons = new Map<string, { n: number; y: number }>();
  for (const row of rows.filter(isMature)) {
    const person = persons.get(row.person) ?? { n: 0, y: 0 };
    persons.set(row.person, { n: person.n + row.n, y: person.y + (wasTaken(row) ? row.n : 0) });
  }
  const found = clusteredRate(personSums([...persons.values()]));
  const mature = (outcome: string) => countOf(rows, (row) => isMature(row) && row.outcome === outcome);
  return {
    rate: found?.rate ?? null,
    low: found?.interval?.low ?? null,
    high: found?.interval?.high ?? null,
    mature: countOf(rows, isMature),
    persons: persons.size,
    sessionPersons: [...persons.keys()].filter((person) => person.startsWith(`${SESSION} `)).length,
    accepted: mature('accepted'),
    edited: mature('edited'),
    rejected: mature('rejected'),
    ignored: mature('ignored'),
    shown: countOf(rows, wasShown),
    unresolved: countOf(rows, ({ outcome }) => outcome === 'unresolved'),
  };
}
