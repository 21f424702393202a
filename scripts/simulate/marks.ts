// The marks that a scenario has to reach. Pure. In: outcomes. Out: what failed, in words; nothing when all is well.
import type { Outcome } from './run-scenario.js';

export interface Marks {
  /** Shares of the projects of a scenario: called worse without an effect at most, alarmed by the naive test at least. */
  readonly falseWorseMax: number;
  readonly naiveMin: number;
  /** Share of the projects with an effect that are called worse at least. */
  readonly powerMin: number;
  /** Share of the last intervals that cover the truth at least. */
  readonly coverageMin: number;
}

export const FULL_MARKS: Marks = { falseWorseMax: 0.05, naiveMin: 0.25, powerMin: 0.8, coverageMin: 0.93 };
/** Few projects and looks: what is plainly wrong still fails, and since all choices are fixed nothing fails by chance. */
export const SHORT_MARKS: Marks = { falseWorseMax: 0.05, naiveMin: 0.1, powerMin: 0.8, coverageMin: 0.85 };

export function failures(outcome: Outcome, marks: Marks): string[] {
  const { scenario, findings, naiveAny } = outcome;
  const { seeds, kind, name } = scenario;
  const failed: string[] = [];
  const say = (what: string, share: number, bound: string) =>
    failed.push(`${name}: ${what} ${(100 * share).toFixed(1)} %, ${bound}`);
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  const worse = findings.worse / seeds;
  if (kind === 'power' && worse < marks.powerMin) say('found', worse, `at least ${percent(marks.powerMin)} asked`);
  if (kind !== 'power' && worse > marks.falseWorseMax)
    say('false worse', worse, `at most ${percent(marks.falseWorseMax)} allowed`);
  if (kind !== 'power' && naiveAny / seeds < marks.naiveMin)
    say('naive alarms', naiveAny / seeds, `at least ${percent(marks.naiveMin)} expected`);
  if (findings.compared === 0) failed.push(`${name}: nothing could be compared at the last look`);
  else if (findings.covered / findings.compared < marks.coverageMin)
    say('coverage', findings.covered / findings.compared, `at least ${percent(marks.coverageMin)} asked`);
  return failed;
}
