// Whether the figures can be trusted. In: a part of a report. Out: a section.
import { count, dropReason } from '../../../web/words.js';
import type { ReportQuality } from '../../report.js';
import { partWords, personWords } from '../cell-words.js';
import { cell, sentence, type Block, type Section, type Table } from '../document.js';
import { zonedTime } from '../zoned-time.js';

export function qualitySection(quality: ReportQuality, timeZone: string): Section {
  const { warnings, drops } = quality;
  const time = (instant: string | null, otherwise: string) =>
    instant === null ? otherwise : zonedTime(instant, timeZone);
  const facts: readonly (readonly [string, string])[] = [
    ['Newest event stored', time(quality.newestEvent, 'none')],
    ['Days judged up to', time(quality.rolledUp, 'never')],
    ['Shown', count(quality.shown)],
    ['Never shown', count(quality.notShown)],
    ['Mature', partWords(quality.mature, quality.shown)],
    ['Still open', partWords(quality.unresolved, quality.shown)],
    ['Acted on without being shown', partWords(quality.orphans, quality.shown + quality.orphans)],
    ['Shown only by force', partWords(quality.forced, quality.shown)],
    ['With a doubtful clock', partWords(quality.clockSuspects, quality.shown)],
    ['Late: something came after the outcome was final', partWords(quality.late, quality.mature)],
    ['Persons', personWords(quality.persons, quality.sessionPersons).join(', ')],
    ['Waiting to be replayed', count(quality.deadLetters)],
  ];
  return {
    id: 'quality',
    title: 'Data quality',
    blocks: [
      warnings.length === 0
        ? sentence('Nothing of this makes one doubt the figures.')
        : {
            kind: 'lines',
            lines: warnings.map((text) => ({ tone: 'neutral', text, aside: '', link: undefined })),
          },
      factTable(facts),
      refused(drops),
    ],
  };
}

function factTable(facts: readonly (readonly [string, string])[]): Table {
  return {
    kind: 'table',
    caption: 'Generations and events of this window',
    columns: ['What', 'Figure'],
    rows: facts.map(([what, figure]) => [cell(what), cell(figure)]),
    wordy: false,
    more: '',
  };
}

function refused(drops: ReportQuality['drops']): Block {
  if (drops.length === 0) return sentence('No event was refused.');
  return {
    kind: 'table',
    caption: 'Events that were refused',
    columns: ['Why', 'Events'],
    rows: drops.map(({ reason, events }) => [cell(dropReason(reason)), cell(count(events))]),
    wordy: false,
    more: '',
  };
}
