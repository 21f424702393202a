// How the figures came about, in the two lines that stand below every report. Pure.
import type { ReportDefinition } from '../definition.js';

export function method({ timeZone }: Pick<ReportDefinition, 'timeZone'>): [string, string] {
  return [
    'A rate is (accepted + edited) / mature; a generation is mature once its action window and the time for late events have passed. Intervals are 95 % Wilson intervals that count people, not clicks: one person’s generations hang together.',
    `Verdicts come from daily looks at sequences that stay valid however often one looks, corrected for all live comparisons together; worse and better are said of randomised traffic only. Days are whole UTC days${timeZone === 'UTC' ? '' : `; ${timeZone} sets the schedule and the times in words alone`}.`,
  ];
}
