// Rates as tables: the whole project, and prompt version x model version. In: rows of a report. Out: sections.
import { count, percent } from '../../../web/words.js';
import type { Report, ReportRate } from '../../report.js';
import { intervalWords, modelName, partWords, personWords, promptName, rateWords, versionName } from '../cell-words.js';
import { cell, sentence, type Cell, type Section, type Table } from '../document.js';

const FIGURES = ['Acceptance rate', 'Rests on', 'Outcomes of the mature', 'So far'] as const;

export function totalsSection({ totals, metricVersions, prompts }: Report): Section {
  const title = prompts.length === 0 ? 'The whole project' : 'The prompts of this report';
  if (totals.length === 0) return { id: 'totals', title, blocks: [sentence('No generation is known in this window.')] };
  const ofPrompts = totals.some(({ promptId }) => promptId !== '');
  const named = (row: ReportRate) =>
    cell(ofPrompts ? promptName(row.promptId) : 'All prompts', [`settings ${row.metricVersion}`]);
  return {
    id: 'totals',
    title,
    blocks: [
      {
        ...ratesTable(`Acceptance of ${ofPrompts ? 'each prompt' : 'all prompts together'}`, 'What', totals, named),
        more:
          metricVersions.length > 1
            ? 'Rates of different settings are measured differently: they are not compared.'
            : '',
      },
    ],
  };
}

export function ratesSection(rates: NonNullable<Report['rates']>, metricVersions: readonly string[]): Section {
  const base = { id: 'rates', title: 'Rates by prompt version and model version' };
  if (rates.rows.length === 0) return { ...base, blocks: [sentence('No prompt version was shown in this window.')] };
  const named = (row: ReportRate) =>
    cell(promptName(row.promptId), [
      versionName(row.promptVersion),
      modelName(row),
      metricVersions.length > 1 ? `settings ${row.metricVersion}` : '',
    ]);
  const left = rates.total - rates.rows.length;
  return {
    ...base,
    blocks: [
      {
        ...ratesTable('Acceptance by prompt version and model version', 'Version', rates.rows, named),
        more:
          left > 0
            ? `${count(rates.rows.length)} of ${count(rates.total)} combinations are listed, those with the most generations.`
            : '',
      },
    ],
  };
}

function ratesTable(
  caption: string,
  first: string,
  rows: readonly ReportRate[],
  named: (row: ReportRate) => Cell,
): Table {
  return {
    kind: 'table',
    caption,
    columns: [first, ...FIGURES],
    rows: rows.map((row) => [named(row), ...figures(row)]),
    wordy: true,
    more: '',
  };
}

function figures(row: ReportRate): Cell[] {
  const { rate, low, high, mature } = row;
  return [
    cell(rateWords(row), [intervalWords(row, row.persons), ...besides(row)], { kind: 'interval', rate, low, high }),
    cell(`n = ${count(mature)}`, [
      ...personWords(row.persons, row.sessionPersons),
      row.designEffect === null ? '' : `design effect ${row.designEffect.toFixed(1)}`,
    ]),
    mature === 0
      ? cell('none')
      : cell(`${partWords(row.accepted, mature)} accepted`, [
          `${partWords(row.edited, mature)} edited`,
          `${partWords(row.rejected, mature)} rejected`,
          `${partWords(row.ignored, mature)} ignored`,
        ]),
    cell(`${count(row.shown)} shown`, [`${count(row.unresolved)} still open`]),
  ];
}

/** Other ways to look at the same generations. */
function besides({ editWeighted, personRate }: ReportRate): string[] {
  return [
    editWeighted === null ? '' : `weighted by what was kept ${percent(editWeighted)}`,
    personRate === null ? '' : `mean of persons ${percent(personRate)}`,
  ];
}
