// Plays one scenario day by day: events as they are received, the real roll-up, the real looks, the naive test beside them.
// In: a scenario. Out: what was found in each project. Must never hand figures to the statistics but through the tables.
import { projectSchema } from '../../shared/contract/projects.js';
import type { ComparedProject } from '../../services/reporter/comparisons/compared-project.js';
import { takeLooks } from '../../services/reporter/comparisons/take-looks.js';
import { recomputeDay } from '../../services/reporter/rollup/recompute-day.js';
import { syncSettings } from '../../services/reporter/settings-sync.js';
import { dropUsedParts, withThreads, type SimulationDatabase } from './database.js';
import { DAY_MS, insertDay } from './day-events.js';
import { readFindings, type Findings } from './findings.js';
import { naiveAlarms } from './naive.js';
import type { Scenario } from './scenarios.js';

/** Of all choices: another number, other data. */
const SALT = 20_260_101;
/** Days from the end of a day until its outcomes are final, by the settings that projects have by default. */
const FINAL_AFTER_DAYS = 3;
/** The looks are taken so long after midnight, ms. */
const LOOK_AT_MS = 3_600_000;
/** The first day is a Monday so long ago that the last look is not in the future, and so recent that nothing expires. */
const DAYS_AGO = 210;
const MONDAY = Date.UTC(2024, 0, 1);
const WEEK_MS = 7 * DAY_MS;
const THREADS = 2;

export interface Outcome {
  readonly scenario: Scenario;
  readonly generations: number;
  readonly looksTaken: number;
  /** Projects in which the naive test alarmed on any day, and those in which it said worse. */
  readonly naiveAny: number;
  readonly naiveWorse: number;
  readonly findings: Findings;
  readonly minutes: number;
  /** Seconds by stage. */
  readonly seconds: Readonly<Record<Stage, number>>;
}

type Stage = 'insert' | 'roll-up' | 'looks' | 'naive' | 'drop' | 'verdicts';

export interface RunOptions {
  readonly database: SimulationDatabase;
  readonly signal: AbortSignal;
  /** Told after each day. */
  readonly onLook: (look: number, generations: number) => void;
}

export function firstDay(now: number): number {
  const weeks = Math.floor((now - DAYS_AGO * DAY_MS - MONDAY) / WEEK_MS);
  return MONDAY + weeks * WEEK_MS;
}

export function projectsOf(seeds: number): ComparedProject[] {
  return Array.from({ length: seeds }, (_, seed) =>
    projectSchema.parse({ id: `s${String(seed).padStart(3, '0')}`, hashKey: { value: 'simulated-hash-key' } }),
  );
}

export async function runScenario(scenario: Scenario, { database, signal, onLook }: RunOptions): Promise<Outcome> {
  const startedAt = performance.now();
  const { seeds, looks, lagDays } = scenario;
  const clickhouse = withThreads(database.reporter, THREADS);
  const first = firstDay(Date.now());
  const projects = projectsOf(seeds);
  await syncSettings(clickhouse, projects);
  const { seconds, timed } = stopwatch(signal);
  const naive = { any: new Set<string>(), worse: new Set<string>() };
  let [generations, looksTaken] = [0, 0];
  for (let received = 0; received < looks + lagDays; received += 1) {
    const day = { scenario, seeds, salt: SALT, first, received, lastDay: looks - 1 };
    await timed('insert', async () => await insertDay(database.migrator, day));
    // without late events the days after this one do not bear on it: the clock is moved to when it is final
    const look = received - lagDays;
    const asOf = first + (look + 1 + FINAL_AFTER_DAYS) * DAY_MS + LOOK_AT_MS;
    for (const old of range(Math.max(0, look), Math.min(received, looks - 1))) {
      const name = new Date(first + old * DAY_MS).toISOString().slice(0, 10);
      const run = await timed('roll-up', async () => await recomputeDay(clickhouse, name, signal, asOf));
      if (old === look) generations += run.generations;
    }
    if (look < 0) continue;
    looksTaken += (await timed('looks', async () => await takeLooks(clickhouse, projects, asOf, signal))).looks;
    const alarms = await timed('naive', async () => await naiveAlarms(clickhouse));
    for (const project of alarms.any) naive.any.add(project);
    for (const project of alarms.worse) naive.worse.add(project);
    await timed('drop', async () => await dropUsedParts(database, first + (look + 1) * DAY_MS));
    onLook(look + 1, generations);
  }
  const firstLook = first + (1 + FINAL_AFTER_DAYS) * DAY_MS;
  const findings = await timed('verdicts', async () => await readFindings(clickhouse, scenario, firstLook));
  const minutes = (performance.now() - startedAt) / 60_000;
  const counts = { naiveAny: naive.any.size, naiveWorse: naive.worse.size };
  return { scenario, generations, looksTaken, ...counts, findings, minutes, seconds };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

function stopwatch(signal: AbortSignal) {
  const seconds: Record<Stage, number> = { insert: 0, 'roll-up': 0, looks: 0, naive: 0, drop: 0, verdicts: 0 };
  const timed = async <T>(stage: Stage, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    const startedAt = performance.now();
    const answer = await work();
    seconds[stage] += (performance.now() - startedAt) / 1000;
    return answer;
  };
  return { seconds, timed };
}
