// A rate by day as a chart, with what went live. In: rows of a trend, deployments, the project's settings. Out: markup.
import { trendChart } from '../charts/trend-chart.js';
import type { VisibleProject } from '../access.js';
import { addDays } from '../figures/filter.js';
import type { TrendRow } from '../figures/trends.js';
import type { DeploymentMark, TrendDay } from '../reports/report.js';
import { html, type Html } from './html.js';
import { timeOf } from './rate-cells.js';
import { counted } from './words.js';

export interface TrendView {
  readonly title: string;
  readonly rows: readonly TrendRow[];
  readonly deployments: readonly { readonly day: string | null; readonly name: string }[];
  readonly project: Pick<VisibleProject, 'settings' | 'surfaces'>;
}

export function trendSection({ title, rows, deployments, project }: TrendView): Html {
  const [main = '', ...others] = byWeight(rows);
  const days = trendDays(rows, main, spanMs(project));
  if (days.length === 0) return html`<p class="none">No day of this period has figures yet.</p>`;
  const marks = deployments.flatMap(({ day, name }): DeploymentMark[] => (day === null ? [] : [{ day, name }]));
  return html`<div class="card">
      ${trendChart({ title, days, deployments: marks })}
      <p class="quiet">
        Metric version ${main}.
        ${days.some(({ low }) => low !== null) && 'The band is the 95 % interval of each day. '}Days do not add up:
        persons come back.
      </p>
    </div>
    ${
      others.length > 0 &&
      html`<p class="note">
        ${counted(others.length, 'other metric version')} in the CSV: figures of different ones are never put together.
      </p>`
    }`;
}

/** Metric versions, the one with the most of what was shown first. */
export function byWeight(rows: readonly Pick<TrendRow, 'metric_version' | 'shown'>[]): string[] {
  const weights = new Map<string, number>();
  for (const { metric_version, shown } of rows) weights.set(metric_version, (weights.get(metric_version) ?? 0) + shown);
  return [...weights].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([version]) => version);
}

/** Days of one metric version, in order. A day is final when W and L had passed since its end as it was judged. */
export function trendDays(rows: readonly TrendRow[], metricVersion: string, span: number): TrendDay[] {
  return rows
    .filter((row) => row.metric_version === metricVersion)
    .flatMap(({ day, rate, low, high, mature, persons, shown, unresolved, as_of }): TrendDay[] =>
      day === null
        ? []
        : [{ day, rate, low, high, mature, persons, shown, unresolved, final: timeOf(as_of) >= endOf(day) + span }],
    )
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}

function endOf(day: string): number {
  return Date.parse(addDays(day, 1));
}

/** Longest W + L of the project and its surfaces, ms. */
function spanMs({ settings, surfaces }: TrendView['project']): number {
  const all = [settings, ...Object.values(surfaces)];
  return 1000 * Math.max(...all.map(({ windowS, latenessS }) => windowS + latenessS));
}
