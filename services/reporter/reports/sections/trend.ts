// Rates day by day, with what went live. In: rows of `rate_days`, deployments, how long outcomes take to be final. Out: series of a
// report, one per prompt and metric version, every day of the window in each. Pure.
import { addDays } from '../../figures/filter.js';
import type { DeploymentMark, Trend, TrendDay } from '../report.js';
import { byName } from './rates.js';
import type { DayRow, DeploymentRow } from './read-trend.js';
import { asShare } from './rounding.js';
import { daysOf, type ReportWindow } from './window.js';

/** Prompts with a trend of their own: those with the most traffic. */
export const TREND_PROMPTS_MAX = 12;
/** Series of one prompt, or of the project: metric versions with the most generations. */
export const TREND_SERIES_MAX = 3;
/** Marks in one series: the newest. */
export const DEPLOYMENTS_MAX = 12;

export interface TrendFacts {
  readonly window: ReportWindow;
  readonly days: readonly DayRow[];
  readonly deployments: readonly DeploymentRow[];
  /** Whether the report is limited to prompts: then there is no series of the project. */
  readonly limited: boolean;
  /** W + L by metric version, seconds; the longest of the project for others. */
  readonly spanOf: (metricVersion: string) => number;
  readonly now: number;
}

export function trendSection(facts: TrendFacts): Trend[] {
  const whole = facts.limited
    ? []
    : seriesOf(
        facts.days.filter((row) => row.whole === 1),
        '',
        facts,
      );
  const rows = facts.days.filter((row) => row.whole === 0);
  const prompts = [...new Set(rows.map(({ promptId }) => promptId))].sort(byName);
  return [
    ...whole,
    ...prompts.flatMap((prompt) =>
      seriesOf(
        rows.filter((row) => row.promptId === prompt),
        prompt,
        facts,
      ),
    ),
  ];
}

/** Series that have generations and are not among those of the section. */
export function seriesLeftOut({ days, limited }: Pick<TrendFacts, 'days' | 'limited'>): number {
  const series = new Map<string, Set<string>>();
  for (const { whole, promptId, metricVersion, shown } of days) {
    if (shown === 0 || (limited && whole === 1)) continue;
    const of = `${whole} ${promptId}`;
    series.set(of, (series.get(of) ?? new Set()).add(metricVersion));
  }
  return [...series.values()].reduce((left, { size }) => left + Math.max(0, size - TREND_SERIES_MAX), 0);
}

function seriesOf(rows: readonly DayRow[], promptId: string, facts: TrendFacts): Trend[] {
  const traffic = new Map<string, number>();
  for (const { metricVersion, shown } of rows) traffic.set(metricVersion, (traffic.get(metricVersion) ?? 0) + shown);
  return [...traffic]
    .filter(([, shown]) => shown > 0)
    .sort(([a, shownA], [b, shownB]) => shownB - shownA || byName(a, b))
    .slice(0, TREND_SERIES_MAX)
    .map(([metricVersion]) => ({
      promptId,
      metricVersion,
      days: everyDay(
        rows.filter((row) => row.metricVersion === metricVersion),
        metricVersion,
        facts,
      ),
      ...marks(facts.deployments, rows[0]?.whole === 1 ? undefined : promptId),
    }));
}

function everyDay(rows: readonly DayRow[], metricVersion: string, { window, spanOf, now }: TrendFacts): TrendDay[] {
  const found = new Map(rows.map((row) => [row.day, row]));
  return daysOf(window).map((day) => {
    const row = found.get(day);
    const finalAt = Date.parse(addDays(day, 1)) + 1000 * spanOf(metricVersion);
    return {
      day,
      rate: asShare(row?.rate ?? null),
      low: asShare(row?.low ?? null),
      high: asShare(row?.high ?? null),
      mature: row?.mature ?? 0,
      persons: row?.persons ?? 0,
      shown: row?.shown ?? 0,
      unresolved: row?.unresolved ?? 0,
      final: (row?.asOf ?? now) >= finalAt,
    };
  });
}

/** Of one prompt, or of all with the prompt's name in front. */
function marks(
  deployments: readonly DeploymentRow[],
  promptId: string | undefined,
): Pick<Trend, 'deployments' | 'earlierDeployments'> {
  const all = deployments
    .filter((row) => promptId === undefined || row.promptId === promptId)
    .map((row): DeploymentMark => ({
      day: row.day,
      name: promptId === undefined && row.promptId !== '' ? `${row.promptId}: ${row.name}` : row.name,
    }));
  return {
    deployments: all.slice(-DEPLOYMENTS_MAX),
    earlierDeployments: Math.max(0, all.length - DEPLOYMENTS_MAX),
  };
}
