// One comparison with everything that is known of it: the sentence first, then both sides, how it developed, what it rests on,
// what was checked. In: its reading. Out: sections of a page. Where the comparison is forbidden no difference is seen.
import { differenceChart } from '../charts/difference-chart.js';
import { warningWords } from '../comparisons/verdict-gates.js';
import type { VerdictRow } from '../comparisons/verdict-row.js';
import { verdictSentence } from '../comparisons/verdict-sentence.js';
import { capital, level, points, shortDay } from '../comparisons/verdict-words.js';
import type { ComparisonReading } from '../figures/one-comparison.js';
import { differenceBar, reachOf } from './comparison-bar.js';
import { comparisonBasis } from './comparison-basis.js';
import { checksOf, type Check } from './comparison-checks.js';
import { gates, whereWords } from './comparison-section.js';
import { flaggedWords, foundAs, isCompared, VERDICT_WORDS } from './comparison-words.js';
import { html, type Html } from './html.js';
import type { Section } from './page-module.js';
import { count, counted, percent } from './words.js';

/** `tools`: CSV and SQL of the history, whose newest row is the comparison. */
export function comparisonSections(reading: ComparisonReading, tools: Html): Section[] {
  const { row } = reading;
  return [
    { id: 'verdict', title: VERDICT_WORDS[row.verdict], content: said(row) },
    {
      id: 'sides',
      title: 'Both sides',
      content: html`<div class="card comparison-one ${row.verdict}">
        ${sidesTable(row)} ${isCompared(row) && differenceBar(row, reachOf([row]))}
      </div>`,
    },
    {
      id: 'history',
      title: 'How it developed',
      lede: 'One look a day at all days that are final. The band is the interval of each look, valid however often you look.',
      content: html`<div class="card comparison-one ${row.verdict}">${developed(reading)} ${tools}</div>`,
    },
    { id: 'basis', title: 'What it rests on', content: html`<div class="card">${comparisonBasis(reading)}</div>` },
    {
      id: 'checks',
      title: 'What was checked',
      lede: 'A check that fails forbids the verdict; a doubt is for you to weigh.',
      content: html`<div class="card">${checksTable(row)}</div>`,
    },
  ];
}

function said(row: VerdictRow): Html {
  const flagged = flaggedWords(row);
  return html`<div class="card comparison-one ${row.verdict} said">
    ${row.verdict === 'cannot_compare' ? gates(row) : html`<p class="sentence">${verdictSentence(row)}</p>`}
    <p class="quiet">${whereWords(row)}</p>
    ${flagged !== undefined && isCompared(row) && html`<p class="flagged">${flagged}</p>`}
    ${
      row.warnings.length > 0 &&
      html`<ul class="warnings" aria-label="Warnings">
        ${row.warnings.map((code) => html`<li>${warningWords(code, row)}.</li>`)}
      </ul>`
    }
  </div>`;
}

function sidesTable(row: VerdictRow): Html {
  const side = (name: string, rate: number, n: number, persons: number) =>
    html`<tr>
      <th scope="row">${capital(name)}</th>
      <td>
        ${n === 0 ? html`<span class="none">nothing final</span>` : html`<span class="figure">${percent(rate)}</span>`}
      </td>
      <td><b>n = ${count(n)}</b></td>
      <td>${counted(persons, 'person')}</td>
    </tr>`;
  return html`<table class="sides">
      <caption class="hidden">
        Acceptance rate of both sides
      </caption>
      <thead>
        <tr>
          <th scope="col">Side</th>
          <th scope="col">Acceptance rate <span class="quiet">mature generations</span></th>
          <th scope="col">Generations</th>
          <th scope="col">Persons</th>
        </tr>
      </thead>
      <tbody>
        ${side(row.name_a, row.rate_a, row.n_a, row.persons_a)}${side(row.name_b, row.rate_b, row.n_b, row.persons_b)}
      </tbody>
    </table>
    ${
      isCompared(row) &&
      row.low !== null &&
      row.high !== null &&
      html`<p class="difference-words">
        <b>${points(row.difference)} points</b>, ${level(row.alpha_used)} interval ${points(row.low)} to
        ${points(row.high)}, ${counted(row.persons, 'person')} in all
        <span class="quiet">within the same traffic, so not simply the second rate less the first</span>
      </p>`
    }`;
}

/** Days listed in the table below the chart, newest first; the figure has all. */
export const LOOKS_SHOWN_MAX = 60;

function developed({ row, history }: ComparisonReading): Html {
  const days = history.map((each) => (isCompared(each) ? each : { ...each, low: null, high: null }));
  const flag = row.flagged_since === null ? undefined : { day: row.flagged_since, name: foundAs(row) };
  const chart = differenceChart({ days, tau: row.tau, flag });
  const listed = history.slice(-LOOKS_SHOWN_MAX).reverse();
  return html`${chart ?? html`<p class="none">No look could estimate a difference so far.</p>`}
    <details id="looks">
      <summary>${counted(history.length, 'look')} as a table</summary>
      <table class="events">
        <thead>
          <tr>
            <th scope="col">Day <span class="quiet">UTC</span></th>
            <th scope="col">Difference <span class="quiet">points</span></th>
            <th scope="col">Interval</th>
            <th scope="col">Persons</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          ${listed.map(lookLine)}
        </tbody>
      </table>
    </details>`;
}

function lookLine(row: VerdictRow): Html {
  const known = isCompared(row) && row.low !== null && row.high !== null;
  return html`<tr>
    <td>${shortDay(row.day)}</td>
    <td>${known ? points(row.difference) : '–'}</td>
    <td>${known && row.low !== null && row.high !== null ? `${points(row.low)} to ${points(row.high)}` : '–'}</td>
    <td>${count(row.persons)}</td>
    <td>${VERDICT_WORDS[row.verdict]}</td>
  </tr>`;
}

const STATE_WORDS: Readonly<Record<Check['state'], string>> = { passed: 'passed', failed: 'failed', warned: 'doubt' };

function checksTable(row: VerdictRow): Html {
  const checks = checksOf(row);
  if (checks.length === 0) return html`<p class="none">Nothing could be checked: no final day has both.</p>`;
  return html`<table class="checks">
    <caption class="hidden">
      Checks with their figures
    </caption>
    <thead>
      <tr>
        <th scope="col">Check</th>
        <th scope="col">${capital(row.name_a)}</th>
        <th scope="col">${capital(row.name_b)}</th>
        <th scope="col">Wanted</th>
        <th scope="col">Result</th>
      </tr>
    </thead>
    <tbody>
      ${checks.map(
        ({ name, seen, wanted, state }) =>
          html`<tr class="${state}">
            <th scope="row">${name}</th>
            ${
              typeof seen === 'string'
                ? html`<td colspan="2">${seen}</td>`
                : html`<td data-label="${capital(row.name_a)}">${seen[0]}</td>
                    <td data-label="${capital(row.name_b)}">${seen[1]}</td>`
            }
            <td class="quiet" data-label="Wanted">${wanted}</td>
            <td class="state" data-label="Result">${STATE_WORDS[state]}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
