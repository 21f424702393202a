// The prompts that are rejected most, with why. In: a part of a report. Out: a section.
import { count, counted, percent } from '../../../web/words.js';
import type { RejectedPrompt, Report } from '../../report.js';
import { promptName } from '../cell-words.js';
import { cell, sentence, type Cell, type Section } from '../document.js';

export function rejectedSection({ prompts, mean, notes, metricVersion }: NonNullable<Report['rejected']>): Section {
  const base = { id: 'rejected', title: 'Most rejected prompts' };
  const said = notes.map(sentence);
  if (prompts.length === 0)
    return { ...base, blocks: said.length > 0 ? said : [sentence('Nothing is mature, so no prompt can be ranked.')] };
  const towards = mean === null ? 'their mean' : `their mean of ${percent(mean)}`;
  return {
    ...base,
    blocks: [
      sentence(
        `Ranked by the estimated share: what was counted, drawn towards ${towards} where a prompt has few generations or persons.`,
      ),
      {
        kind: 'table',
        caption: `Prompts by their estimated share of rejected generations, settings ${metricVersion}`,
        columns: ['Prompt', 'Estimated share', 'As counted', 'Why'],
        rows: prompts.map(row),
        wordy: true,
        more: '',
      },
      ...said,
    ],
  };
}

function row({ promptId, shrunk, low, high, rejected, mature, rate, persons, reasons }: RejectedPrompt): Cell[] {
  const [first, ...others] = reasons.map(({ label, generations }) => `${label}: ${count(generations)}`);
  return [
    cell(promptName(promptId)),
    cell(
      percent(shrunk),
      [low === null || high === null ? 'no interval' : `95 % interval ${percent(low)} to ${percent(high)}`],
      {
        kind: 'interval',
        rate: shrunk,
        low,
        high,
      },
    ),
    cell(`${count(rejected)} of ${count(mature)}`, [percent(rate), counted(persons, 'person')]),
    cell(first ?? 'no reason is known', others),
  ];
}
