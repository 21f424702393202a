// The sections of a prompt's page. In: its readings. Out: markup.
import { verdictSentence } from '../comparisons/verdict-sentence.js';
import type { VerdictRow } from '../comparisons/verdict-row.js';
import { comparisonAddress } from './comparison-section.js';
import { VERDICT_WORDS } from './comparison-words.js';
import { driftSection } from './drift-section.js';
import { figureTools } from './figure-tools.js';
import { html, type Html } from './html.js';
import type { PageRequest, Section } from './page-module.js';
import type { PromptReadings } from './prompt-reading.js';
import { legend, totalsTable, versionsTable } from './rates-table.js';
import { signalCards } from './signals-section.js';
import { byWeight, trendSection } from './trend-section.js';
import { countingRule, counted } from './words.js';

/** Comparisons of the prompt that are listed. */
const COMPARISONS_LISTED_MAX = 20;

export function promptSections(readings: PromptReadings, request: PageRequest, empty: Html): Section[] {
  const { comparisons, drift } = readings;
  const rates = readings.totals.rows.length === 0 ? [noRates(empty)] : rateSections(readings, request);
  return [
    ...rates,
    {
      id: 'comparisons',
      title: 'Did it get better or worse?',
      lede: 'Looked at once a day over all days that are final, whatever the period.',
      content: comparisonList(comparisons.comparisons, comparisons.total),
      live: true,
    },
    {
      id: 'drift',
      title: 'Has it fallen?',
      lede: 'Against its own earlier days: that says since when a rate is lower and what went live then, not why.',
      content: driftSection(drift),
      live: true,
    },
    ...(readings.totals.rows.length === 0 ? [] : [signals(readings)]),
  ];
}

function noRates(content: Html): Section {
  return { id: 'figures', title: 'What people take', content, live: true };
}

function rateSections(readings: PromptReadings, { filter, project }: PageRequest): Section[] {
  const { totals, versions, trend, deployments, asked, narrow } = readings;
  const { prompt } = asked;
  const narrowed =
    filter.model === undefined
      ? undefined
      : `Narrowed to ${filter.model}; the figures above and below count all models.`;
  return [
    {
      id: 'figures',
      title: 'What people take',
      lede: countingRule(project.settings, project.surfaces),
      content: html`${legend()}
        <div class="card">${totalsTable(`Acceptance of ${prompt}`, prompt, totals.rows)}</div>
        ${figureTools(totals, asked)}`,
      live: true,
    },
    {
      id: 'versions',
      title: 'By version and model',
      ...(narrowed === undefined ? {} : { lede: narrowed }),
      content: html`${
        versions.rows.length === 0
          ? html`<p class="none">No version of this model in this period.</p>`
          : html`<div class="card">
              ${versionsTable(`Acceptance of ${prompt} by version and model`, versions.rows)}
            </div>`
      }
      ${figureTools(versions, narrow)}`,
      live: true,
    },
    {
      id: 'trend',
      title: 'Day by day, and what went live',
      content: html`${trendSection({
          title: `Acceptance rate of ${prompt} by day`,
          rows: trend.rows,
          deployments: deployments.rows,
          project,
        })}
        <div class="tools">
          ${figureTools(trend, asked, 'Days')} ${figureTools(deployments, asked, 'What went live')}
        </div>`,
      live: true,
    },
  ];
}

function signals({ signals, totals, asked }: PromptReadings): Section {
  const [main = ''] = byWeight(totals.rows);
  const own = <R extends { readonly metric_version: string }>(rows: readonly R[]) =>
    rows.filter(({ metric_version }) => metric_version === main);
  return {
    id: 'signals',
    title: 'Why and how',
    lede: `Counts of generations of the period, metric version ${main}; they say what happens, and decide no verdict.`,
    content: html`${signalCards(own(signals.rows), own(totals.rows))} ${figureTools(signals, asked)}`,
    live: true,
  };
}

function comparisonList(rows: readonly VerdictRow[], total: number): Html {
  if (rows.length === 0)
    return html`<p class="none">
      Nothing to compare yet: that begins with the first final day on which two versions or models were both shown.
    </p>`;
  const left = total - Math.min(rows.length, COMPARISONS_LISTED_MAX);
  return html`<ul class="findings">
      ${rows.slice(0, COMPARISONS_LISTED_MAX).map(
        (row) =>
          html`<li class="${TONE[row.verdict] ?? ''}">
            <span class="kind">${VERDICT_WORDS[row.verdict]}</span>
            <span class="sentence">${verdictSentence(row)}</span>
            <a href="${comparisonAddress(row)}"
              >What it rests on<span class="hidden">: ${row.name_b} against ${row.name_a}</span></a
            >
          </li>`,
      )}
    </ul>
    ${left > 0 && html`<p class="note">${counted(left, 'more comparison')}.</p>`}`;
}

const TONE: Partial<Readonly<Record<VerdictRow['verdict'], string>>> = {
  worse: 'bad',
  lower: 'bad',
  better: 'good',
  higher: 'good',
};
