// What a comparison rests on, as a list of names and sentences: interval, chance, evidence, family, drop that matters, parts of
// the traffic, tier, days, metric version. In: its reading. Out: markup. Where it is forbidden nothing of a difference is said.
import type { ComparisonReading } from '../figures/one-comparison.js';
import {
  chanceWords,
  dropWords,
  evidenceWords,
  familyWords,
  intervalWords,
  isCompared,
  pooledWords,
  strataWords,
  tierSentence,
} from './comparison-words.js';
import { html, type Html, type HtmlValue } from './html.js';
import { counted, instant } from './words.js';

export function comparisonBasis({ row, strata, sides }: ComparisonReading): Html {
  const lookAt = Date.parse(`${row.look_at.replace(' ', 'T')}Z`);
  const compared = isCompared(row);
  const line = (name: string, said: HtmlValue) =>
    said !== undefined &&
    said !== false &&
    html`<div>
      <dt>${name}</dt>
      <dd>${said}</dd>
    </div>`;
  return html`<dl class="basis-list">
    ${line('Interval', compared && intervalWords(row))} ${line('Chance', compared && chanceWords(row))}
    ${line('Evidence', compared && evidenceWords(row))} ${line('Family', familyWords(row))}
    ${line('Smallest drop that matters', dropWords(row))}
    ${line('Same traffic', (strata > 0 || row.n_a + row.n_b === 0) && strataWords(row, strata))}
    ${line('Stratified and plain', compared && pooledWords(row))} ${line('Assignment', tierSentence(row))}
    ${line('Days', row.n_a + row.n_b > 0 ? `${row.from_day} to ${row.to_day}, UTC, all of them final; ${counted(row.persons, 'person')} in all.` : 'No final day has both.')}
    ${line('Looked at', html`as of <time datetime="${new Date(lookAt).toISOString()}">${instant(lookAt)}</time>`)}
    ${line('Metric version', html`<code>${row.metric_version}</code>`)}
    ${line('Which generations', sides !== undefined && Object.keys(sides.a).length > 0 && html`${columns(sides.a)} against ${columns(sides.b)}`)}
    ${line('Comparison', html`<code>${row.comparison_id}</code>`)}
  </dl>`;
}

function columns(side: Readonly<Record<string, string>>): Html {
  const parts = Object.entries(side).map(([column, value]) => `${column} = ${value}`);
  return html`<code>${parts.join(', ')}</code>`;
}
