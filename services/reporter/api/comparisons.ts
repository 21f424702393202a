// Comparisons as JSON and CSV, each with its sentence. In: rows of comparison_verdicts. Out: objects in camelCase; text with the
// column names of the view.
import { gateReason, warningWords } from '../comparisons/verdict-gates.js';
import { personsLacking } from '../comparisons/verdict-persons.js';
import type { VerdictRow } from '../comparisons/verdict-row.js';
import { verdictSentence } from '../comparisons/verdict-sentence.js';
import { csvField } from '../figures/csv.js';

type JsonValue = string | number | null | readonly unknown[] | Readonly<Record<string, unknown>>;

/** The columns of the view in camelCase, with sentence, reasons and warnings in words; times are ISO 8601. */
export function comparisonJson(row: VerdictRow): Record<string, unknown> {
  const named = Object.entries(row).map(([name, value]): [string, JsonValue] => [camelCase(name), value as JsonValue]);
  return {
    ...Object.fromEntries(named),
    live: row.live === 1,
    flagged: row.flagged === 1,
    lookAt: lookedAt(row),
    gates: row.gates.map((code) => ({ code, reason: gateReason(code, row) })),
    warnings: row.warnings.map((code) => ({ code, words: warningWords(code, row) })),
    personsLacking: row.verdict === 'not_enough_evidence' ? (personsLacking(row) ?? null) : null,
    sentence: verdictSentence(row),
  };
}

const COLUMNS = [
  'comparison_id',
  'kind',
  'prompt_id',
  'surface',
  'name_a',
  'name_b',
  'tier',
  'verdict',
  'flagged_since',
  'direction',
  'difference',
  'low',
  'high',
  'alpha_used',
  'standard_error',
  'rate_a',
  'rate_b',
  'n_a',
  'n_b',
  'persons_a',
  'persons_b',
  'persons',
  'from_day',
  'to_day',
  'p',
  'p_adjusted',
  'log_e',
  'tau',
  'alpha',
  'family',
  'family_size',
  'family_flagged',
  'metric_version',
] as const satisfies readonly (keyof VerdictRow)[];

/** RFC 4180. Gates and warnings are codes apart by spaces. */
export function comparisonsCsv(rows: readonly VerdictRow[]): string {
  const lines = [
    [...COLUMNS, 'gates', 'warnings', 'look_at', 'sentence'],
    ...rows.map((row) => [
      ...COLUMNS.map((name) => csvField(row[name])),
      ...[row.gates.join(' '), row.warnings.join(' '), lookedAt(row), verdictSentence(row)].map(csvField),
    ]),
  ];
  return lines.map((fields) => `${fields.join(',')}\r\n`).join('');
}

function lookedAt({ look_at }: VerdictRow): string {
  return `${look_at.replace(' ', 'T')}Z`;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
