// What else people's actions say: edits and what is left of them, ignores, time to decide, ratings. In: parts of a report. Out:
// sections. Counts of generations only: for shares, not for verdicts.
import { count, counted, percent } from '../../../web/words.js';
import type { Report, ReportBucket } from '../../report.js';
import { partWords, secondsWords } from '../cell-words.js';
import { cell, sentence, type Block, type Section, type Table } from '../document.js';

export function editsSection(edits: NonNullable<Report['edits']>): Section {
  const { edited, taken, mature, meanSimilarity, sizes } = edits;
  const base = { id: 'edits', title: 'Edits, and what is left later' };
  if (mature === 0) return { ...base, blocks: [sentence('Nothing is mature, so nothing can be said about edits.')] };
  const kept = meanSimilarity === null ? '' : ` On average ${percent(meanSimilarity)} of the text was kept.`;
  return {
    ...base,
    blocks: [
      sentence(
        `Of ${counted(taken, 'mature generation')} that people took, ${partWords(edited, taken)} were edited.${kept}`,
      ),
      ...(edited === 0 ? [] : [bucketTable('How much was kept of the edited', 'Kept', sizes)]),
      ...retention(edits),
    ],
  };
}

function retention({ retention: rows, taken }: NonNullable<Report['edits']>): Block[] {
  if (rows.every(({ measured }) => measured === 0))
    return [sentence('What was taken was not measured again later: nothing can be said about what is left of it.')];
  return [
    {
      kind: 'table',
      caption: 'What is left some time after it was taken: two thirds of the text or more',
      columns: ['After', 'Left, of those measured', 'Measured, of those taken', 'Left, of all mature'],
      rows: rows.map(({ after, measured, retained, ofMeasured, ofMature }) => [
        cell(after),
        ofMeasured === null
          ? cell('not measured')
          : cell(`${count(retained)} of ${count(measured)} (${percent(ofMeasured)})`, [], {
              kind: 'share',
              share: ofMeasured,
            }),
        cell(partWords(measured, taken)),
        cell(ofMature === null ? '–' : percent(ofMature)),
      ]),
      wordy: false,
      more: '',
    },
  ];
}

export function ignoresSection({ ignored, reasons }: NonNullable<Report['ignores']>): Section {
  const base = { id: 'ignores', title: 'Why generations were ignored' };
  if (ignored === 0) return { ...base, blocks: [sentence('No mature generation was ignored.')] };
  return {
    ...base,
    blocks: [
      sentence(`${counted(ignored, 'mature generation was', 'mature generations were')} ignored. What was seen last:`),
      bucketTable('What was seen last of ignored generations', 'Seen last', reasons),
    ],
  };
}

export function decisionsSection({ decided, medianS, p90S, times }: NonNullable<Report['decisions']>): Section {
  const base = { id: 'decisions', title: 'Time to decide' };
  if (decided === 0) return { ...base, blocks: [sentence('No mature generation was decided on.')] };
  const half = medianS === null ? '' : ` Half of them within ${secondsWords(medianS)}`;
  const most = p90S === null ? '' : `${half === '' ? ' Nine' : ', nine'} in ten within ${secondsWords(p90S)}`;
  const times90 = `${half}${most}`;
  return {
    ...base,
    blocks: [
      sentence(
        `${counted(decided, 'mature generation was', 'mature generations were')} decided on.${times90 === '' ? '' : `${times90}.`}`,
      ),
      bucketTable('Time from being shown to the last decision', 'Time', times),
    ],
  };
}

export function ratingsSection({ rated, shown, labels }: NonNullable<Report['ratings']>): Section {
  const base = { id: 'ratings', title: 'Explicit ratings' };
  const apart = 'They stand beside the rates above and are no part of them.';
  if (rated === 0)
    return { ...base, blocks: [sentence(`None of ${count(shown)} shown generations was rated. ${apart}`)] };
  return {
    ...base,
    blocks: [
      sentence(`${partWords(rated, shown)} of ${count(shown)} shown generations were rated. ${apart}`),
      bucketTable('Ratings as they were given', 'Rating', labels),
    ],
  };
}

export function bucketTable(caption: string, first: string, buckets: readonly ReportBucket[]): Table {
  const all = buckets.reduce((sum, { generations }) => sum + generations, 0);
  return {
    kind: 'table',
    caption,
    columns: [first, 'Generations', 'Share'],
    rows: buckets.map(({ label, generations }) => {
      const share = all === 0 ? 0 : generations / all;
      return [cell(label), cell(count(generations)), cell(percent(share), [], { kind: 'share', share })];
    }),
    wordy: false,
    more: '',
  };
}
