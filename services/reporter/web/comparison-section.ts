// The comparisons of the page: verdict, sentence, the interval drawn, what it rests on, warnings. In: rows of
// comparison_verdicts. Out: markup. A difference never stands without its n, its persons, its as-of time and its metric version.
import { gateReason, warningWords } from '../comparisons/verdict-gates.js';
import type { VerdictRow } from '../comparisons/verdict-row.js';
import { verdictSentence } from '../comparisons/verdict-sentence.js';
import { capital, shortDay } from '../comparisons/verdict-words.js';
import type { Comparisons } from '../figures/comparisons.js';
import { differenceBar, reachOf } from './comparison-bar.js';
import { isCompared, TIER_WORDS, VERDICT_WORDS } from './comparison-words.js';
import { html, type Html } from './html.js';
import { count, counted, percent, shortInstant } from './words.js';

/** Comparisons with a card of their own; the others are counted and linked. */
export const COMPARISONS_SHOWN_MAX = 30;

/** Where the page of a comparison is. */
export function comparisonAddress({
  project_id,
  comparison_id,
}: Pick<VerdictRow, 'project_id' | 'comparison_id'>): string {
  return `/comparison?${new URLSearchParams({ project: project_id, id: comparison_id }).toString()}`;
}

/** Many prompts have a version 8: the prompt comes first, where the comparison is of one. */
export function comparisonTitle({
  prompt_id: prompt,
  name_a,
  name_b,
}: Pick<VerdictRow, 'prompt_id' | 'name_a' | 'name_b'>): string {
  return prompt === '' ? `${capital(name_b)} against ${name_a}` : `${prompt}: ${name_b} against ${name_a}`;
}

/** Where the traffic is from and how it came to be compared. */
export function whereWords({ prompt_id: prompt, surface, tier }: VerdictRow): string {
  return [prompt === '' ? 'All prompts' : '', surface, TIER_WORDS[tier]].filter((part) => part !== '').join(' · ');
}

export function comparisonSection({ comparisons, total }: Comparisons, project: string): Html {
  if (comparisons.length === 0)
    return html`<div class="empty">
      <p class="empty-title">Nothing to compare yet.</p>
      <p>
        Two versions of a prompt, two models, or two arms of an experiment are compared once a day, from the first day
        on which both were shown and nothing can change any more.
      </p>
    </div>`;
  const shown = comparisons.slice(0, COMPARISONS_SHOWN_MAX);
  const reach = reachOf(shown.filter(isCompared));
  const left = total - shown.length;
  return html`<ul class="comparisons">
      ${shown.map((row) => html`<li class="card comparison ${row.verdict}">${card(row, reach)}</li>`)}
    </ul>
    ${
      left > 0 &&
      html`<p class="note">
        ${counted(left, 'more comparison')} in
        <a href="/api/comparisons?${new URLSearchParams({ project }).toString()}">JSON</a> and in
        <code>comparison_verdicts</code>.
      </p>`
    }`;
}

function card(row: VerdictRow, reach: number): Html {
  return html`<div class="said">
      <p class="verdict">${VERDICT_WORDS[row.verdict]}</p>
      <h3><a href="${comparisonAddress(row)}">${comparisonTitle(row)}</a></h3>
      <p class="quiet">${whereWords(row)}</p>
      ${row.verdict === 'cannot_compare' ? gates(row) : html`<p class="sentence">${verdictSentence(row)}</p>`}
      ${
        row.warnings.length > 0 &&
        html`<ul class="warnings" aria-label="Warnings">
          ${row.warnings.map((code) => html`<li>${warningWords(code, row)}.</li>`)}
        </ul>`
      }
    </div>
    <div class="shown">${isCompared(row) && differenceBar(row, reach)} ${basis(row)}</div>`;
}

/** Several reasons are a list, and are not said once more in one long sentence. */
export function gates(row: VerdictRow): Html {
  if (row.gates.length < 2) return html`<p class="sentence">${verdictSentence(row)}</p>`;
  const found =
    row.flagged_since === null
      ? null
      : html`<p class="sentence">An earlier verdict stands since ${shortDay(row.flagged_since)}.</p>`;
  return html`<p class="sentence">${capital(row.name_b)} cannot be compared with ${row.name_a}:</p>
    <ul class="gates">
      ${row.gates.map((code) => html`<li>${capital(gateReason(code, row))}.</li>`)}
    </ul>
    ${found}`;
}

function basis(row: VerdictRow): Html {
  const at = Date.parse(`${row.look_at.replace(' ', 'T')}Z`);
  const side = (name: string, rate: number, n: number, persons: number) =>
    html`<div>
      <dt>${capital(name)}</dt>
      <dd>
        ${n === 0 ? 'nothing final' : html`<b>${percent(rate)}</b> n = ${count(n)}, ${counted(persons, 'person')}`}
      </dd>
    </div>`;
  return html`<dl>
    ${side(row.name_a, row.rate_a, row.n_a, row.persons_a)}${side(row.name_b, row.rate_b, row.n_b, row.persons_b)}
    <div>
      <dt>Rests on</dt>
      <dd>
        ${counted(row.persons, 'person')}${row.n_a + row.n_b > 0 && html`, ${shortDay(row.from_day)} to ${shortDay(row.to_day)}`}
        <span class="quiet"
          >as of <time datetime="${new Date(at).toISOString()}">${shortInstant(at)}</time>, metric
          ${row.metric_version}</span
        >
      </dd>
    </div>
  </dl>`;
}
