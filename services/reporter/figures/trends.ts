// Rates by day with their intervals, and what went live when. In: a filter. Out: figures. Reads `rate_days` alone.
// Days do not add up: persons come back.
import { HISTORY_DAYS, LIVE_SHARE } from '../drift/statements.js';
import type { Asked, Columns, FigureDefinition, RowOf, Statement } from './figure.js';
import { addDays } from './filter.js';

/** A trend of one day would be a point: for today it is the last week. */
export const TREND_DAYS_MIN = 7;
/** A row per day and metric version; of more, the newest. */
export const TREND_ROWS_MAX = 2000;

const DAY = {
  day: 'day',
  metric_version: 'text',
  mature: 'count',
  taken: 'count',
  rate: 'number',
  low: 'number',
  high: 'number',
  persons: 'count',
  session_persons: 'count',
  shown: 'count',
  unresolved: 'count',
  as_of: 'time',
} as const satisfies Columns;
export type TrendRow = RowOf<typeof DAY>;

/** First day of a trend. */
export function trendFrom({ from, to }: Pick<Asked, 'from' | 'to'>): string {
  const week = addDays(to, -TREND_DAYS_MIN);
  return from < week ? from : week;
}

function trend(level: 'project' | 'prompt', asked: Asked): Statement {
  const ofPrompt = level === 'prompt' ? ' AND r.prompt_id = {prompt:String}' : '';
  return {
    sql: `SELECT ${Object.keys(DAY).join(', ')}
FROM rate_days AS r
WHERE r.project_id = {project:String} AND r.level = '${level}'${ofPrompt} AND r.day >= {from:Date} AND r.day < {to:Date}
ORDER BY day DESC, metric_version
LIMIT ${TREND_ROWS_MAX}`,
    params: {
      project: asked.project,
      from: trendFrom(asked),
      to: asked.to,
      ...(level === 'prompt' ? { prompt: asked.prompt ?? '' } : {}),
    },
  };
}

export const projectTrend: FigureDefinition<typeof DAY> = {
  id: 'project-trend',
  title: 'The project by day',
  columns: DAY,
  statement: (asked) => trend('project', asked),
};

export const promptTrend: FigureDefinition<typeof DAY> = {
  id: 'prompt-trend',
  title: 'The prompt by day',
  columns: DAY,
  statement: (asked) => trend('prompt', asked),
};

/** Of more, the newest. */
export const DEPLOYMENTS_MAX = 100;

const DEPLOYMENT = { day: 'day', kind: 'text', name: 'text' } as const satisfies Columns;

/** As the drift watch sees them (DEPLOYMENTS_SQL there), across surfaces: by the generations that were shown. */
export const promptDeployments: FigureDefinition<typeof DEPLOYMENT> = {
  id: 'prompt-deployments',
  title: `Versions and models that went live: the first day with ${100 * LIVE_SHARE} % of what was shown`,
  columns: DEPLOYMENT,
  statement: (asked) => ({
    sql: `SELECT day, kind, name
FROM
(
    SELECT live AS day, kind, name FROM
    (
        SELECT kind, name, min(day) AS live, min(live) OVER (PARTITION BY kind) AS first_live
        FROM
        (
            SELECT day, what.1 AS kind, what.2 AS name, sum(n) AS own, sum(own) OVER (PARTITION BY day, kind) AS everything
            FROM
            (
                SELECT r.day AS day, r.shown AS n, arrayJoin([
                    ('version', if(r.prompt_version = '', '', concat('version ', r.prompt_version))),
                    ('model', if(r.model = '', '', trimRight(concat('model ', r.model, ' ', r.model_version))))]) AS what
                FROM rate_days AS r
                WHERE r.project_id = {project:String} AND r.level = 'version' AND r.prompt_id = {prompt:String}
                    AND r.day >= {history:Date} AND r.day < {to:Date} AND r.shown > 0
            )
            GROUP BY day, kind, name
        )
        WHERE own >= ${LIVE_SHARE} * everything
        GROUP BY kind, name
    )
    WHERE live > first_live AND live >= {from:Date} AND name != ''
    ORDER BY day DESC, kind, name
    LIMIT ${DEPLOYMENTS_MAX}
)
ORDER BY day, kind, name`,
    params: {
      project: asked.project,
      prompt: asked.prompt ?? '',
      from: trendFrom(asked),
      to: asked.to,
      history: addDays(trendFrom(asked), -HISTORY_DAYS),
    },
  }),
};
