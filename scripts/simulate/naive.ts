// What a naive dashboard would say on the same day: one pooled z-test over all that was shown so far, at 5 percent.
// In: user_days. Out: the projects in which it alarms today. Must never be taken for a method: it is the bad example.
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';

export interface NaiveAlarms {
  /** Projects with an alarm in either direction. */
  readonly any: readonly string[];
  /** Those of them in which B looks worse. */
  readonly worse: readonly string[];
}

const NAIVE_SQL = `
SELECT project_id, min(z) < -1.959963984540054 AS worse
FROM
(
    SELECT project_id, experiment,
        sumIf(shown, arm = 'A') AS n_a, sumIf(shown, arm = 'B') AS n_b,
        sumIf(accepted + edited, arm = 'A') AS y_a, sumIf(accepted + edited, arm = 'B') AS y_b,
        (y_a + y_b) / (n_a + n_b) AS p,
        (y_b / n_b - y_a / n_a) / sqrt(p * (1 - p) * (1 / n_a + 1 / n_b)) AS z
    FROM user_days GROUP BY project_id, experiment HAVING n_a > 0 AND n_b > 0 AND p > 0 AND p < 1
)
GROUP BY project_id HAVING max(abs(z)) > 1.959963984540054`;

export async function naiveAlarms(clickhouse: ClickHouse): Promise<NaiveAlarms> {
  const rows = await clickhouse.query<{ project_id: string; worse: number }>(NAIVE_SQL);
  return {
    any: rows.map(({ project_id }) => project_id),
    worse: rows.filter(({ worse }) => worse === 1).map(({ project_id }) => project_id),
  };
}
