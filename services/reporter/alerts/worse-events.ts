// Finds comparisons whose verdict is `worse` now. In: the view `comparison_history`. Out: events with the day on which the verdict
// was first so. What goes out is decided later, from the ledger.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { verdictRow, type AnsweredVerdict, type VerdictRow } from '../comparisons/verdict-row.js';
import { verdictSentence } from '../comparisons/verdict-sentence.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';
import { alertId, comparisonLink, type AlertEvent } from './alert.js';

/** Comparisons of these projects that are worse by their newest look. */
export async function readWorse(
  clickhouse: ClickHouse,
  projects: readonly string[],
  publicUrl: string,
): Promise<AlertEvent[]> {
  const rows = await clickhouse.query<AnsweredVerdict & { readonly fired_on: string }>(
    `SELECT * FROM
     (
         SELECT *, min(if(verdict = 'worse', day, NULL)) OVER (PARTITION BY project_id, comparison_id) AS fired_on,
           max(day) OVER (PARTITION BY project_id, comparison_id) AS newest_day
         FROM comparison_history WHERE has({projects:Array(String)}, project_id)
     )
     WHERE day = newest_day AND verdict = 'worse' ORDER BY project_id, comparison_id`,
    { projects },
    READ_SETTINGS,
  );
  return rows.map((row) => worseEvent(verdictRow(row), row.fired_on, publicUrl));
}

/** Pure. Once flagged a comparison stays flagged, so its first day names the event. */
export function worseEvent(row: VerdictRow, firedOn: string, publicUrl: string): AlertEvent {
  const since = row.flagged_since ?? firedOn;
  return {
    firedOn,
    alert: {
      kind: 'worse',
      version: 1,
      id: alertId('worse', row.project_id, row.comparison_id, since),
      project: row.project_id,
      prompt: row.prompt_id,
      surface: row.surface,
      since,
      sentence: verdictSentence(row),
      n: row.n_a + row.n_b,
      persons: row.persons,
      metricVersion: row.metric_version,
      asOf: `${row.look_at.replace(' ', 'T')}Z`,
      link: comparisonLink(publicUrl, row.project_id, row.comparison_id),
      interval: { low: bounded(row.low ?? -1), high: bounded(row.high ?? 1), level: 1 - row.alpha_used },
      comparison: {
        id: row.comparison_id,
        a: row.name_a,
        b: row.name_b,
        difference: row.difference,
        rateA: row.rate_a,
        rateB: row.rate_b,
        nA: row.n_a,
        nB: row.n_b,
        personsA: row.persons_a,
        personsB: row.persons_b,
      },
    },
  };
}

/** An interval of few persons can reach beyond what a difference of two shares can be. */
function bounded(difference: number): number {
  return Math.min(1, Math.max(-1, difference));
}
