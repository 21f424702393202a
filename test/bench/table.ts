// Prints reports as plain text: ratios of all stages first, then the figures of each. Pure: text in columns.
import type { Spread } from './measure.js';
import { reaches, type StageReport, type Target } from './report.js';

/** Rows of cells; the first column to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  const pad = (cell: string, i: number): string =>
    i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
  return rows.map((row) => `  ${row.map(pad).join('   ')}`.trimEnd()).join('\n');
}

/** Three significant digits, thousands apart. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  const scale = 10 ** Math.max(0, magnitude - 2);
  const digits = Math.max(0, 2 - magnitude);
  return (scale > 1 ? Math.round(value / scale) * scale : value).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

export function spread({ median, min, max, n }: Spread): string {
  return n === 1 ? number(median) : `${number(median)} (${number(min)}-${number(max)})`;
}

export function ratioTable(reports: readonly StageReport[]): string {
  const rows = reports.flatMap(({ stage, ratios }) =>
    ratios.map(({ name, value, target }) => [
      `${stage}: ${name}`,
      spread(value),
      targetText(value, target),
      `${value.n}`,
    ]),
  );
  return table([['Ratio to the floor', 'median (min-max)', 'to reach', 'n'], ...rows]);
}

/** Figures that are to reach something themselves; empty when there are none. */
export function targetTable(reports: readonly StageReport[]): string {
  const rows = reports.flatMap(({ stage, figures }) =>
    figures
      .filter(({ target }) => target !== undefined)
      .map(({ name, unit, product, target }) => [
        `${stage}: ${name}, ${unit}`,
        spread(product),
        targetText(product, target),
        `${product.n}`,
      ]),
  );
  return rows.length === 0 ? '' : table([['Figure', 'median (min-max)', 'to reach', 'n'], ...rows]);
}

function targetText(value: Spread, target: Target | undefined): string {
  if (target === undefined) return '';
  const [sign, bound] = 'atMost' in target ? ['<=', target.atMost] : ['>=', target.atLeast];
  return `${sign} ${bound.toLocaleString('en-US')} ${reaches(value, target) === true ? 'yes' : 'MISSED'}`;
}

export function stageText({ stage, floor, figures, notes }: StageReport): string {
  const rows = figures.map((one) => [
    one.name,
    one.unit,
    spread(one.product),
    one.floor === undefined ? '' : spread(one.floor),
  ]);
  const lines = [stage, `  floor: ${floor}`, table([['', '', 'measured', 'floor'], ...rows])];
  return [...lines, ...notes.map((note) => `  note: ${note}`)].join('\n');
}
