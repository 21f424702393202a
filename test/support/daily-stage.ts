// A ClickHouse whose days pass when a test says so: an experiment of two arms, the real roll-up, the daily job under a clock of the
// test's own. All simulated instants lie after the real now, so that what is stored while a test runs never looks newer than they.
import { projectSchema } from '../../shared/contract/projects.js';
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import { createLogger } from '../../shared/runtime/log.js';
import { createDailyLooks, type DailyResult } from '../../services/reporter/comparisons/daily-looks.js';
import type { ComparedProject } from '../../services/reporter/comparisons/compared-project.js';
import { createReporterMetrics } from '../../services/reporter/metrics.js';
import { recomputeDay } from '../../services/reporter/rollup/recompute-day.js';
import type { TestClickHouse } from './clickhouse.js';
import { blankEvent } from './random-events.js';

export const DAY_MS = 86_400_000;
const HOUR_MS = DAY_MS / 24;
/** W + L of a project without settings. */
export const SPAN_MS = 3 * DAY_MS;
const PERSONS_PER_ARM = 35;
const never = new AbortController().signal;

export interface StageLook {
  readonly day: string;
  readonly to_day: string;
  readonly n_a: string;
  readonly n_b: string;
  readonly rate_b: number;
  readonly gates: readonly string[];
  readonly warnings: readonly string[];
}

export interface DailyStage {
  /** UTC midnight of the first day. */
  readonly start: number;
  /** Instant `hours` after the start of day `day`. */
  at(day: number, hours?: number): number;
  /** Name of a day. */
  name(day: number): string;
  /** Sends a day: each of 35 persons an arm is shown one generation at noon and takes it within a minute, every other one in B. */
  send(day: number): Promise<void>;
  /** Everybody of B rejects what they were shown on that day, received and stored at `now`. */
  sendLate(day: number, now: number): Promise<void>;
  /** Rolls up these days as of `now`. */
  rollUp(days: readonly number[], now: number): Promise<void>;
  /** A reporter's daily job; its clock is the one given with each run. */
  reporter(clickhouse?: ClickHouse): (now: number) => Promise<DailyResult>;
  looks(): Promise<StageLook[]>;
}

export function dailyStage(server: TestClickHouse): DailyStage {
  const start = Math.ceil(Date.now() / DAY_MS) * DAY_MS + DAY_MS;
  const at = (day: number, hours = 0) => start + day * DAY_MS + hours * HOUR_MS;
  const name = (day: number) => new Date(at(day)).toISOString().slice(0, 10);
  const insert = async (rows: readonly object[]) =>
    await server.writer.insertBlock('events', [Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))]);
  const project: ComparedProject = projectSchema.parse({ id: 'acme', hashKey: { value: 'a hash key of a test' } });
  return {
    start,
    at,
    name,
    send: async (day) =>
      await insert(
        people().flatMap((person) => [
          { ...eventOf(at(day, 12), day, person), event_type: 'shown', shows: 1 },
          ...(person.index % 2 === 0 || person.arm === 'A'
            ? [{ ...eventOf(at(day, 12) + 1000, day, person, 1), event_type: 'accept', decides: 'accept' }]
            : []),
        ]),
      ),
    sendLate: async (day, now) =>
      await insert(
        people()
          .filter(({ arm }) => arm === 'B')
          .map((person) => ({
            ...eventOf(at(day, 12) + 2000, day, person, 2),
            event_type: 'reject',
            decides: 'reject',
            received_at: now,
            ingested_at: now,
          })),
      ),
    rollUp: async (days, now) => {
      for (const day of days) await recomputeDay(server.reporter, name(day), never, now);
    },
    reporter: (clickhouse = server.reporter) => {
      let now = 0;
      const daily = createDailyLooks({
        clickhouse,
        projects: () => [project],
        metrics: createReporterMetrics(),
        log: createLogger('reporter', 'silent'),
        clock: () => Promise.resolve(now),
      });
      return async (instant) => {
        now = instant;
        return await daily.run(never);
      };
    },
    looks: async () =>
      await server.reporter.query<StageLook>(
        `SELECT toString(toDate(look_at)) AS day, toString(l.to_day) AS to_day, n_a, n_b, rate_b, gates, warnings
         FROM comparison_looks AS l ORDER BY look_at`,
      ),
  };
}

interface Person {
  readonly index: number;
  readonly arm: 'A' | 'B';
}

function people(): Person[] {
  return Array.from({ length: 2 * PERSONS_PER_ARM }, (_, index) => ({
    index,
    arm: index < PERSONS_PER_ARM ? 'A' : 'B',
  }));
}

/** The `nth` event of a generation, `nth` seconds after it was made. */
function eventOf(at: number, day: number, { index, arm }: Person, nth = 0): object {
  const number = (day * 1000 + index) * 10 + nth;
  return blankEvent({
    generation_id: `g${day}-${index}`,
    generated_at: at - nth * 1000,
    event_id: `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    occurred_at: at,
    received_at: at,
    prompt_id: 'p',
    experiment: 'e',
    arm,
    assignment: 'randomised:user',
    surface: 'web',
    user_kind: 'user',
    user_key: String(index + 1),
  });
}
