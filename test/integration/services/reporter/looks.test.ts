// Looks on a real ClickHouse: which days and persons are read, what is found, what is appended.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { projectSchema } from '../../../../shared/contract/projects.js';
import { takeLooks, type ComparedProject } from '../../../../services/reporter/comparisons/take-looks.js';
import { startTestClickHouse, type TestClickHouse } from '../../../support/clickhouse.js';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-02'); // a Monday
const SPAN_MS = 3 * DAY_MS;
const never = new AbortController().signal;

let server: TestClickHouse;
beforeAll(async () => {
  server = await startTestClickHouse();
});
afterAll(async () => await server.stop());
afterEach(async () => {
  for (const table of ['user_days', 'comparisons', 'comparison_looks', 'metric_settings', 'events'])
    await server.migrator.command(`TRUNCATE TABLE ${table}`);
});

function project(id: string, comparisons: object = {}): ComparedProject {
  return projectSchema.parse({ id, hashKey: { value: 'x'.repeat(16) }, comparisons });
}

interface Row {
  readonly day: number;
  readonly person: number;
  readonly n: number;
  readonly y: number;
  readonly [column: string]: string | number;
}

/** Rows of `user_days` as a roll-up at the end of W + L writes them. */
async function store(rows: readonly Row[], over: Record<string, unknown> = {}): Promise<void> {
  const lines = rows.map(({ day, person, n, y, ...columns }) =>
    JSON.stringify({
      project_id: 'acme',
      day: new Date(START + day * DAY_MS).toISOString().slice(0, 10),
      prompt_id: 'p',
      surface: 'web',
      metric_version: 'default',
      user_kind: 'user',
      user_key: person,
      shown: n,
      accepted: y,
      mature: n,
      mature_accepted: y,
      as_of: START + (day + 1) * DAY_MS + SPAN_MS,
      ...columns,
      ...over,
    }),
  );
  await server.migrator.insertBlock('user_days', [Buffer.from(lines.join('\n'))]);
}

/** An experiment of two arms: persons 0..persons-1 in A, the rest in B, each with n generations a day. */
function experiment(
  days: number,
  persons: number,
  accepts: (arm: 'A' | 'B', person: number, day: number) => number,
): Row[] {
  return Array.from({ length: days }, (_, day) =>
    Array.from({ length: 2 * persons }, (__, person) => {
      const arm = person < persons ? 'A' : 'B';
      return { day, person, n: 3, y: accepts(arm, person, day), experiment: 'e', arm, assignment: 'randomised:user' };
    }),
  ).flat();
}

interface Look {
  readonly tier: string;
  readonly n_a: string;
  readonly persons: string;
  readonly difference: number;
  readonly standard_error: number;
  readonly log_e: number;
  readonly gates: readonly string[];
  readonly warnings: readonly string[];
  readonly from_day: string;
  readonly to_day: string;
  readonly strata: number;
  readonly figures: Readonly<Record<string, number>>;
}

async function looks(): Promise<Look[]> {
  return await server.reporter.query<Look>(`SELECT * FROM comparison_looks ORDER BY look_at, comparison_id`);
}

const asOf = (day: number) => START + (day + 1) * DAY_MS + SPAN_MS;

test('an experiment without faults passes every gate, and its figures are those of the persons', async () => {
  await store(experiment(10, 40, (arm, person) => (arm === 'A' ? 1 + (person % 2) : person % 2)));
  expect(await takeLooks(server.reporter, [project('acme')], asOf(9), never)).toEqual({ looks: 1 });
  const [look] = await looks();
  expect(look).toMatchObject({ tier: 'T1', n_a: '1200', persons: '80', gates: [], strata: 2 });
});
