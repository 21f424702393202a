// Rates of a period with their intervals: of the project, per prompt, per prompt version and model version. In: a filter. Out: figures.
// Rows of one level do not add up to another: persons appear in several.
import type { Columns, FigureDefinition, RowOf, Statement } from './figure.js';
import type { Filter } from './filter.js';
import { narrowed, rateSource, type Level } from './rate-source.js';

/** At most so many rows are answered, those with the most generations. */
export const RATE_ROWS_MAX = 500;

const COUNTS = {
  metric_version: 'text',
  mature: 'count',
  taken: 'count',
  rate: 'number',
  low: 'number',
  high: 'number',
  persons: 'count',
  session_persons: 'count',
  mature_accepted: 'count',
  mature_edited: 'count',
  mature_rejected: 'count',
  edit_weighted: 'number',
  person_rate: 'number',
  design_effect: 'number',
  shown: 'count',
  accepted: 'count',
  edited: 'count',
  rejected: 'count',
  ignored: 'count',
  unresolved: 'count',
  not_shown: 'count',
  orphan: 'count',
  as_of: 'time',
} as const satisfies Columns;
const PROMPT = { prompt_id: 'text', ...COUNTS } as const;
const VERSION = {
  prompt_id: 'text',
  prompt_version: 'text',
  model: 'text',
  model_version: 'text',
  ...COUNTS,
} as const;

export type TotalRow = RowOf<typeof COUNTS>;
export type PromptRow = RowOf<typeof PROMPT>;
export type VersionRow = RowOf<typeof VERSION>;

const EDIT_WEIGHTED = 'if(mature = 0, NULL, mature_similarity_sum / mature) AS edit_weighted';

function statement(columns: Columns, level: Level, asked: Filter, narrow: Pick<Filter, 'prompt' | 'model'>): Statement {
  const source = rateSource(asked, level);
  const condition = narrowed(narrow);
  const names = Object.keys(columns).map((name) => (name === 'edit_weighted' ? EDIT_WEIGHTED : name));
  const keys = Object.keys(columns).filter((name) => /^(prompt|model|metric)/.test(name));
  return {
    sql: `SELECT ${names.join(', ')}
FROM ${source.from}${condition.from}
ORDER BY mature DESC, shown DESC, ${keys.join(', ')}
LIMIT ${RATE_ROWS_MAX}`,
    params: { ...source.params, ...condition.params },
  };
}

export const projectTotals: FigureDefinition<typeof COUNTS> = {
  id: 'project-totals',
  title: 'The whole project',
  columns: COUNTS,
  statement: (asked) => statement(COUNTS, 'project', asked, {}),
};

export const promptRates: FigureDefinition<typeof PROMPT> = {
  id: 'prompt-rates',
  title: 'Rates per prompt',
  columns: PROMPT,
  statement: (asked) => statement(PROMPT, 'prompt', asked, asked.prompt === undefined ? {} : { prompt: asked.prompt }),
};

export const versionRates: FigureDefinition<typeof VERSION> = {
  id: 'version-rates',
  title: 'Rates per prompt version and model version',
  columns: VERSION,
  statement: (asked) => statement(VERSION, 'version', asked, asked),
};
