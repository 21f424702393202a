// The table of the simulation, a line per scenario. Pure. In: outcomes. Out: text.
import { clopperPearson } from '../../services/reporter/statistics/exact-interval.js';
import type { Outcome } from './run-scenario.js';

const COLUMNS = [
  ['scenario', 12],
  ['seeds', 6],
  ['looks', 6],
  ['generations', 12],
  ['worse (95 % Clopper-Pearson)', 33],
  ['better', 6],
  ['naive any / worse', 27],
  ['coverage at the last look', 34],
  ['median day', 11],
  ['minutes', 8],
] as const;

export function tableHead(): string {
  return line(COLUMNS.map(([name]) => name));
}

export function tableRow(outcome: Outcome): string {
  const { scenario, findings, naiveAny, naiveWorse, generations, minutes } = outcome;
  const { seeds } = scenario;
  const { compared, covered, gated } = findings;
  return line([
    scenario.name,
    String(seeds),
    String(scenario.looks),
    String(generations),
    share(findings.worse, seeds, true),
    String(findings.better),
    `${share(naiveAny, seeds, false)} / ${naiveWorse}`,
    `${share(covered, compared, false)}${gated > 0 ? `, ${gated} gated` : ''}`,
    findings.medianLook === undefined ? '-' : String(findings.medianLook),
    minutes.toFixed(1),
  ]);
}

function share(count: number, of: number, exact: boolean): string {
  if (of === 0) return 'none';
  const percent = (value: number) => (100 * value).toFixed(1);
  const interval = exact ? clopperPearson(count, of) : undefined;
  const range = interval === undefined ? '' : ` (${percent(interval.low)}-${percent(interval.high)})`;
  return `${count} of ${of}, ${percent(count / of)} %${range}`;
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, i) => cell.padEnd(COLUMNS[i]?.[1] ?? 0))
    .join('  ')
    .trimEnd();
}
