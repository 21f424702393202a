// Cells as CSV, with the column names of the tables. In: cells. Out: text.
import type { Cell } from '../figures/cells.js';
import { csvField } from '../figures/csv.js';

const COLUMNS: Readonly<Record<string, (cell: Cell) => string | number | null>> = {
  prompt_id: (cell) => cell.promptId,
  prompt_version: (cell) => cell.promptVersion,
  model: (cell) => cell.model,
  model_version: (cell) => cell.modelVersion,
  surface: (cell) => cell.surface,
  trusted: (cell) => (cell.trusted ? 1 : 0),
  metric_version: (cell) => cell.metricVersion,
  mature: (cell) => cell.mature,
  taken: (cell) => cell.taken,
  rate: (cell) => cell.rate,
  low: (cell) => cell.low,
  high: (cell) => cell.high,
  persons: (cell) => cell.persons,
  sessions: (cell) => cell.sessions,
  design_effect: (cell) => cell.designEffect,
  as_of: (cell) => new Date(cell.asOf).toISOString(),
  shown: (cell) => cell.soFar.shown,
  accepted: (cell) => cell.soFar.accepted,
  edited: (cell) => cell.soFar.edited,
  rejected: (cell) => cell.soFar.rejected,
  ignored: (cell) => cell.soFar.ignored,
  unresolved: (cell) => cell.soFar.unresolved,
  not_shown: (cell) => cell.soFar.notShown,
  orphan: (cell) => cell.soFar.orphan,
};

export function ratesCsv(cells: readonly Cell[]): string {
  const lines = [
    Object.keys(COLUMNS),
    ...cells.map((cell) => Object.values(COLUMNS).map((value) => csvField(value(cell)))),
  ];
  return lines.map((fields) => `${fields.join(',')}\r\n`).join('');
}
