// The most rejected prompts, small ones drawn towards the mean of all. In: a filter. Out: a figure. Ranked by the shrunk rate: by the
// raw one the prompts with the fewest generations would stand first.
import type { Columns, FigureDefinition, RowOf } from './figure.js';
import { rateSource } from './rate-source.js';

export const REJECTED_ROWS_MAX = 100;

const REJECTED = {
  prompt_id: 'text',
  metric_version: 'text',
  rejected: 'count',
  mature: 'count',
  persons: 'count',
  rejection_rate: 'number',
  trials: 'number',
  mean: 'number',
  strength: 'number',
  shrunk: 'number',
} as const satisfies Columns;
export type RejectedRow = RowOf<typeof REJECTED>;

/**
 * statistics/beta-binomial.ts in SQL, each metric version for itself. `trials`: independent generations that the rate is worth; one where
 * there is one person or none known. `strength`: trials that the mean is worth, NULL when the prompts do not differ beyond chance.
 */
export const rejectedPrompts: FigureDefinition<typeof REJECTED> = {
  id: 'rejected-prompts',
  title: 'Most rejected prompts',
  columns: REJECTED,
  statement: (asked) => {
    const source = rateSource(asked, 'prompt');
    return {
      sql: `WITH
    mean * (1 - mean) AS free,
    free * (all_trials - squares / all_trials - others) AS room,
    if(room > 0, (scatter - free * others) / room, 0) AS rho
SELECT prompt_id, metric_version, rejected, mature, persons, rejection_rate, trials, mean,
    multiIf(rho <= 0, NULL, rho >= 1, 0, 1 / rho - 1) AS strength,
    multiIf(isNull(strength) OR NOT (trials + strength > 0), mean, (rejection_rate * trials + mean * strength) / (trials + strength)) AS shrunk
FROM
(
    SELECT *, sum(trials * pow(rejection_rate - mean, 2)) OVER (PARTITION BY metric_version) AS scatter
    FROM
    (
        SELECT *,
            sum(rejection_rate * trials) OVER alike / sum(trials) OVER alike AS mean,
            sum(trials) OVER alike AS all_trials, sum(pow(trials, 2)) OVER alike AS squares, toFloat64(count() OVER alike) - 1 AS others
        FROM
        (
            SELECT r.prompt_id AS prompt_id, r.metric_version AS metric_version, r.mature_rejected AS rejected, r.mature AS mature,
                r.persons AS persons, r.mature_rejected / r.mature AS rejection_rate, ifNull(r.rejection_effective_n, 1.) AS trials
            FROM ${source.from} AND r.mature > 0
        )
        WINDOW alike AS (PARTITION BY metric_version)
    )
)
ORDER BY shrunk DESC, rejected DESC, prompt_id, metric_version
LIMIT ${REJECTED_ROWS_MAX}`,
      params: source.params,
    };
  },
};
