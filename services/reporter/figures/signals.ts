// Why and how, beside the outcome: why a prompt's answers are rejected or ignored, how much of them is changed and kept, how long people
// take, what they say. In: a filter with a prompt. Out: a figure. Counts of generations, no persons: for shares, not for verdicts.
import type { Columns, FigureDefinition, RowOf } from './figure.js';

/** Labels of ratings are free: the most given ones. */
export const SIGNAL_ROWS_MAX = 2000;

const SIGNAL = {
  signal: 'text',
  bucket: 'text',
  metric_version: 'text',
  generations: 'count',
  retained: 'count',
  value_sum: 'number',
} as const satisfies Columns;
export type SignalFigureRow = RowOf<typeof SIGNAL>;

export const promptSignals: FigureDefinition<typeof SIGNAL> = {
  id: 'prompt-signals',
  title: 'Why and how',
  columns: SIGNAL,
  statement: ({ project, prompt = '', from, to }) => ({
    sql: `SELECT s.signal AS signal, s.bucket AS bucket, s.metric_version AS metric_version,
    sum(s.generations) AS generations, sum(s.retained) AS retained, sum(s.value_sum) AS value_sum
FROM signal_days AS s
WHERE s.project_id = {project:String} AND s.day >= {from:Date} AND s.day < {to:Date} AND s.prompt_id = {prompt:String}
GROUP BY signal, bucket, metric_version
ORDER BY signal = 'rating', signal, generations DESC, bucket, metric_version
LIMIT ${SIGNAL_ROWS_MAX}`,
    params: { project, prompt, from, to },
  }),
};
