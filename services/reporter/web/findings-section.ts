// What deserves attention, in sentences: what is worse or fallen first, then what is better. In: comparisons and watches. Out: markup, each
// sentence with a link to what it rests on. Must never place a fall beside a verdict as if it were one.
import type { Verdict, VerdictRow } from '../comparisons/verdict-row.js';
import { verdictSentence } from '../comparisons/verdict-sentence.js';
import { driftSentence } from '../drift/drift-sentence.js';
import type { DriftState } from '../drift/drift-state.js';
import type { Filter } from '../figures/filter.js';
import { comparisonAddress } from './comparison-section.js';
import { html, type Html } from './html.js';
import { queryWith } from './query.js';
import { promptAddress } from './rates-table.js';
import { count, counted } from './words.js';

/** Sentences that stand open, the worst; on a phone more of them would hide the figures below. */
export const FINDINGS_OPEN_MAX = 5;
/** Sentences that are listed, those that are folded included; the others are counted. */
export const FINDINGS_MAX = 30;

interface Finding {
  readonly tone: 'bad' | 'good';
  readonly kind: string;
  readonly prompt: string;
  readonly sentence: string;
  readonly address: string;
  readonly link: string;
}

const TONES: Partial<Readonly<Record<Verdict, readonly [tone: Finding['tone'], kind: string]>>> = {
  worse: ['bad', 'Worse'],
  lower: ['bad', 'Lower, not randomised'],
  better: ['good', 'Better'],
  higher: ['good', 'Higher, not randomised'],
};

export function findingsSection(
  comparisons: readonly VerdictRow[],
  drift: readonly DriftState[],
  filter: Filter,
): Html {
  const found = findings(comparisons, drift, filter);
  const all = queryWith({ project: filter.project });
  return html`${
      found.some(({ tone }) => tone === 'bad')
        ? null
        : html`<p class="none">${nothingBad(comparisons.length, drift.length)}</p>`
    }
    ${
      found.length > 0 &&
      html`<ul class="findings">
        ${found.slice(0, FINDINGS_OPEN_MAX).map(item)}
      </ul>`
    }
    ${folded(found.slice(FINDINGS_OPEN_MAX, FINDINGS_MAX), Math.max(0, found.length - FINDINGS_MAX))}
    <p class="note"><a href="/comparison?${all}">All comparisons</a></p>`;
}

/** `left`: so many more are not listed at all. */
function folded(more: readonly Finding[], left: number): Html | false {
  const bad = more.filter(({ tone }) => tone === 'bad').length;
  const words =
    bad === 0
      ? `${count(more.length)} more, better or higher`
      : `${count(more.length)} more, ${count(bad)} of them worse, lower or fallen`;
  return (
    more.length > 0 &&
    html`<details id="more-findings">
      <summary>${words}</summary>
      <ul class="findings">
        ${more.map(item)}
      </ul>
      ${left > 0 && html`<p class="note">Not listed: ${count(left)} more.</p>`}
    </details>`
  );
}

/** What is bad first: verdicts of randomised traffic, falls, the others. */
export function findings(
  comparisons: readonly VerdictRow[],
  drift: readonly DriftState[],
  filter: Filter,
): readonly Finding[] {
  const compared = comparisons.flatMap((row): Finding[] => {
    const [tone, kind] = TONES[row.verdict] ?? [];
    if (tone === undefined || kind === undefined) return [];
    const link = 'What it rests on';
    return [
      { tone, kind, prompt: row.prompt_id, sentence: verdictSentence(row), address: comparisonAddress(row), link },
    ];
  });
  const fallen = drift
    .filter(({ state }) => state === 'fallen')
    .map((state): Finding => {
      const { prompt_id: prompt } = state;
      const address = prompt === '' ? `/?${queryWith({ project: filter.project })}` : promptAddress(filter, prompt);
      return { tone: 'bad', kind: 'Fallen', prompt, sentence: driftSentence(state), address, link: 'By day' };
    });
  const rank = ({ tone, kind }: Finding) => (tone === 'good' ? 3 : kind === 'Worse' ? 0 : kind === 'Fallen' ? 1 : 2);
  return [...compared, ...fallen].sort((a, b) => rank(a) - rank(b));
}

function item({ tone, kind, prompt, sentence, address, link }: Finding): Html {
  return html`<li class="${tone}">
    <span class="kind">${kind}</span>
    <span class="sentence">${prompt !== '' && kind !== 'Fallen' && html`<b>${prompt}:</b> `}${sentence}</span>
    <a href="${address}">${link}<span class="hidden">: ${sentence}</span></a>
  </li>`;
}

function nothingBad(comparisons: number, watches: number): string {
  if (comparisons + watches === 0)
    return 'Nothing can be said yet: versions are compared, and prompts watched, from the first day whose outcomes are final.';
  return `Nothing is worse and no rate has fallen, as far as ${counted(comparisons, 'comparison')} and ${counted(watches, 'watch', 'watches')} can tell.`;
}
