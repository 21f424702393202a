// Comparisons as files: all of a project, and one by day. In: a filter, for one its id. Out: figures with the columns of the views,
// lists and maps as JSON. The same statements that the pages read by.
import { HISTORY_SQL } from './one-comparison.js';
import { COMPARISONS_SQL } from './comparisons.js';
import { VERDICTS } from '../comparisons/verdict-row.js';
import type { Columns, FigureDefinition } from './figure.js';

const COMPARISON = {
  project_id: 'text',
  comparison_id: 'text',
  kind: 'text',
  prompt_id: 'text',
  surface: 'text',
  name_a: 'text',
  name_b: 'text',
  family: 'text',
  tier: 'text',
  day: 'day',
  look_at: 'time',
  from_day: 'day',
  to_day: 'day',
  n_a: 'count',
  n_b: 'count',
  persons_a: 'count',
  persons_b: 'count',
  persons: 'count',
  rate_a: 'number',
  rate_b: 'number',
  difference: 'number',
  standard_error: 'number',
  low: 'number',
  high: 'number',
  alpha_used: 'number',
  p: 'number',
  p_adjusted: 'number',
  log_e: 'number',
  tau: 'number',
  alpha: 'number',
  family_size: 'count',
  family_flagged: 'count',
  live: 'count',
  flagged: 'count',
  flagged_since: 'day',
  direction: 'text',
  verdict: 'text',
  gates: 'text',
  warnings: 'text',
  figures: 'text',
  metric_version: 'text',
} as const satisfies Columns;

export const projectComparisons: FigureDefinition<typeof COMPARISON> = {
  id: 'comparisons',
  title: 'Comparisons',
  columns: COMPARISON,
  statement: ({ project, prompt = '' }) => ({
    sql: COMPARISONS_SQL,
    params: { project, prompt, order: [...VERDICTS] },
  }),
};

export const comparisonHistory: FigureDefinition<typeof COMPARISON> = {
  id: 'comparison-history',
  title: 'One comparison by day',
  columns: COMPARISON,
  statement: ({ project, id = '' }) => ({ sql: HISTORY_SQL, params: { project, comparison: id } }),
};
