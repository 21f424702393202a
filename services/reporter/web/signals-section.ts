// Why and how, beside the outcome: why answers are rejected or ignored, how much of them is changed and kept, how long people take, what
// they say. In: rows of signals, what they are shares of. Out: cards. Explicit ratings stand beside the rest and are never mixed with it.
import { bucketBars, type Bucket } from '../charts/bucket-bars.js';
import type { TotalRow } from '../figures/rates.js';
import type { SignalFigureRow } from '../figures/signals.js';
import { mostFirst, REJECT_WORDS, rowsOf } from '../reports/sections/bucket-words.js';
import { decisionsSection } from '../reports/sections/decisions.js';
import { editsSection } from '../reports/sections/edits.js';
import { ignoresSection } from '../reports/sections/ignores.js';
import { ratingsSection } from '../reports/sections/ratings.js';
import type { Signal, SignalRow } from '../reports/sections/read-signals.js';
import { html, type Html, type HtmlValue } from './html.js';
import { count, counted, duration, percent } from './words.js';

/** `totals`: rates of what the signals are about. Both of one metric version. */
export function signalCards(all: readonly SignalFigureRow[], totals: readonly TotalRow[]): Html {
  const rows = all.map(signalRow);
  const sums = totals.map((row) => ({
    mature: row.mature,
    matureAccepted: row.mature_accepted,
    matureEdited: row.mature_edited,
    shown: row.shown,
  }));
  return html`<div class="cards">
    ${rejectCard(rows)} ${ignoreCard(rows)} ${editCard(editsSection(rows, sums))}
    ${retentionCard(editsSection(rows, sums))} ${timeCard(rows)} ${ratingCard(ratingsSection(rows, sums))}
  </div>`;
}

function signalRow({ signal, bucket, generations, retained, value_sum }: SignalFigureRow): SignalRow {
  return { signal: signal as Signal, bucket, generations, retained, valueSum: value_sum ?? 0 };
}

function card(title: string, basis: HtmlValue, buckets: readonly Bucket[], none: string): Html {
  const all = buckets.reduce((sum, { generations }) => sum + generations, 0);
  return html`<section class="card">
    <h3>${title}</h3>
    ${
      all === 0
        ? html`<p class="none">${none}</p>`
        : html`<p class="quiet">${basis}</p>
            ${bucketBars({ title, buckets })}`
    }
  </section>`;
}

function rejectCard(rows: readonly SignalRow[]): Html {
  const reasons = mostFirst(rowsOf(rows, 'reject_reason'), REJECT_WORDS);
  return card(
    'Why it is rejected',
    `${of(reasons, 'rejected')}.`,
    reasons,
    'Nothing mature was rejected in this period.',
  );
}

function ignoreCard(rows: readonly SignalRow[]): Html {
  const { reasons } = ignoresSection(rows);
  const basis = html`${of(reasons, 'ignored')}; what the page saw last is a hint.`;
  return card('Why it is ignored', basis, reasons, 'Nothing mature was ignored in this period.');
}

function of(buckets: readonly Bucket[], outcome: string): string {
  const all = buckets.reduce((sum, { generations }) => sum + generations, 0);
  return `Of ${counted(all, `${outcome} generation`)}`;
}

function editCard({ edited, meanSimilarity, sizes }: ReturnType<typeof editsSection>): Html {
  const basis = html`Of ${counted(edited, 'edited generation')}; on average ${percent(meanSimilarity ?? 0)} of the text
  stayed.`;
  return card('How much is changed', basis, sizes, 'Nothing mature was edited in this period.');
}

function retentionCard({ retention, mature }: ReturnType<typeof editsSection>): Html {
  const measured = retention.filter((each) => each.measured > 0);
  return html`<section class="card">
    <h3>How much is kept</h3>
    ${
      measured.length === 0
        ? html`<p class="none">Nothing was measured after it was taken.</p>`
        : html`<p class="quiet">
              Two thirds of the text or more still there, of what was measured and of all n = ${count(mature)}.
            </p>
            <table class="plain">
              <thead>
                <tr>
                  <th scope="col">After</th>
                  <th scope="col">Of measured</th>
                  <th scope="col">Of all mature</th>
                  <th scope="col">Measured</th>
                </tr>
              </thead>
              <tbody>
                ${measured.map(
                  (each) =>
                    html`<tr>
                      <th scope="row">${each.after}</th>
                      <td>${percent(each.ofMeasured ?? 0)}</td>
                      <td>${each.ofMature === null ? '–' : percent(each.ofMature)}</td>
                      <td>${count(each.measured)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>`
    }
  </section>`;
}

function timeCard(rows: readonly SignalRow[]): Html {
  const { decided, medianS, times } = decisionsSection(rows);
  const middle = medianS === null ? '' : `, half of them within ${duration(Math.max(1, Math.round(medianS)))}`;
  return card('How long people take', `Of ${counted(decided, 'decision')}${middle}.`, times, 'Nobody has decided yet.');
}

function ratingCard({ rated, shown, labels }: ReturnType<typeof ratingsSection>): Html {
  const basis = html`${counted(rated, 'rating')} of ${count(shown)} shown. Beside the rates, never mixed with them: few
  people rate, and not just any.`;
  return card('What people say', basis, labels, 'Nobody has rated an answer in this period.');
}
