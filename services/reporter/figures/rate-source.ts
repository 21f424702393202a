// Where the rates of a period are read from. In: a filter and a level. Out: FROM and WHERE. Pure. A window that the roll-up keeps is read
// from `rate_windows`, one day from `rate_days`; any other period is computed from `user_days`, of this project alone.
import type { QueryParams } from '../../../shared/runtime/clickhouse.js';
import type { Filter, Period } from './filter.js';

export type Level = 'cell' | 'version' | 'prompt' | 'project';

/** Periods that the roll-up keeps ready, days. */
export const WINDOW_DAYS: Readonly<Partial<Record<Period, number>>> = { '7d': 7, '28d': 28, '90d': 90 };

export interface Source {
  /** `<table> WHERE <conditions>`; the table goes by the name r. Columns are those of `rate_levels`. */
  readonly from: string;
  readonly params: QueryParams;
}

/** Rates with their intervals. */
export function rateSource(filter: Filter, level: Level): Source {
  const { project, period, from, to } = filter;
  if (period === 'today' || windowOf(filter) !== undefined) return keptRates(filter, level);
  return {
    from: `rate_levels(project = {project:String}, from = {from:Date}, to = {to:Date}, level = '${level}') AS r\nWHERE true`,
    params: { project, from, to },
  };
}

/** What the roll-up keeps of a period: its window, or else its single days, whose persons and intervals do not add up. */
export function keptRates(filter: Filter, level: Level): Source {
  const { project, from, to } = filter;
  const window = windowOf(filter);
  if (window !== undefined)
    return {
      from: `rate_windows AS r\nWHERE r.project_id = {project:String} AND r.window_days = {window:UInt16} AND r.level = '${level}'`,
      params: { project, window },
    };
  return {
    from: `rate_days AS r\nWHERE r.project_id = {project:String} AND r.day >= {from:Date} AND r.day < {to:Date} AND r.level = '${level}'`,
    params: { project, from, to },
  };
}

function windowOf({ period }: Filter): number | undefined {
  return period === undefined ? undefined : WINDOW_DAYS[period];
}

/** Conditions on prompt and model, of those that are asked for. */
export function narrowed({ prompt, model }: Pick<Filter, 'prompt' | 'model'>): Source {
  return {
    from: [
      ...(prompt === undefined ? [] : [' AND r.prompt_id = {prompt:String}']),
      ...(model === undefined ? [] : [' AND r.model = {model:String}']),
    ].join(''),
    params: { ...(prompt === undefined ? {} : { prompt }), ...(model === undefined ? {} : { model }) },
  };
}
