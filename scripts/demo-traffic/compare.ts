// Puts the true rates beside the measured ones. Pure.
import type { Cell } from './cells.js';
import type { MeasuredCell } from './measured-rates.js';
import type { Population } from './population.js';

export interface ComparedCell {
  readonly cell: Cell;
  /** Expected share over the drawn persons; undefined when nobody was drawn into the cell. */
  readonly trueRate: number | undefined;
  readonly measured: MeasuredCell | undefined;
  /** Whether the interval holds the true rate; undefined where there is no interval or no true rate. */
  readonly holds: boolean | undefined;
  /** The same for the mean of all persons there could be, of whom the drawn ones are a sample. */
  readonly holdsMean: boolean | undefined;
}

export function compareRates(population: Population, measured: readonly MeasuredCell[]): readonly ComparedCell[] {
  const byKey = new Map(measured.map((cell) => [keyOf(cell), cell]));
  return population.cells.map((cell, index) => {
    const found = byKey.get(keyOf(cell));
    const trueRate = population.trueRates[index];
    return { cell, trueRate, measured: found, holds: holds(found, trueRate), holdsMean: holds(found, cell.rate) };
  });
}

function keyOf(cell: Pick<Cell, 'promptId' | 'promptVersion' | 'model' | 'modelVersion'>): string {
  return JSON.stringify([cell.promptId, cell.promptVersion, cell.model, cell.modelVersion]);
}

function holds(measured: MeasuredCell | undefined, rate: number | undefined): boolean | undefined {
  if (measured === undefined || measured.low === null || measured.high === null || rate === undefined) return undefined;
  return measured.low <= rate && rate <= measured.high;
}

export interface Coverage {
  readonly intervals: number;
  readonly held: number;
}

export function coverageOf(verdicts: readonly (boolean | undefined)[]): Coverage {
  const known = verdicts.filter((verdict) => verdict !== undefined);
  return { intervals: known.length, held: known.filter(Boolean).length };
}

/** The table for a person, and what it says in sentences. */
export function renderComparison(compared: readonly ComparedCell[]): string {
  const head = ['prompt', 'version', 'model', 'n', 'persons', 'true', 'measured', '95 % interval', ''];
  const rows = compared.map(({ cell, trueRate, measured, holds: held }) => [
    cell.promptId,
    cell.promptVersion,
    `${cell.model} ${cell.modelVersion}`,
    String(measured?.mature ?? 0),
    String(measured?.persons ?? 0),
    percent(trueRate),
    percent(measured?.rate),
    `${percent(measured?.low)} to ${percent(measured?.high)}`,
    held === false ? 'missed' : '',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((text, column) =>
        column < 3 || column === 8 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const { intervals, held } = coverageOf(compared.map((one) => one.holds));
  const mean = coverageOf(compared.map((one) => one.holdsMean));
  return [
    line(head),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
    '',
    `${held} of ${intervals} intervals hold the true rate (${percent(held / intervals)}).`,
    `True is the expected share over the persons of this run. The rate of all persons there could be lies in ${mean.held} of ${mean.intervals}.`,
    '',
  ].join('\n');
}

function percent(value: number | null | undefined): string {
  return value === undefined || value === null || Number.isNaN(value) ? '–' : `${(100 * value).toFixed(1)} %`;
}
