// Outcomes of random event sets, however they are shuffled, repeated, re-timed and cut, against an oracle that shares no code.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventRow } from '../../shared/contract/rows.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { oracleOutcomes, type OracleOutcome } from '../support/oracle.js';
import { instant } from '../support/oracle-rollup.js';
import { chooseSeed, seededRandom } from '../support/random.js';
import { RANDOM_SETTINGS, ndjson, randomEvents, randomInserts } from '../support/random-events.js';

const GENERATIONS = 4000;
const SPAN_MS = 3 * 86_400_000;
const seed = chooseSeed(process.env['TACIT_TEST_SEED']);
const from = Date.UTC(2026, 9, 5);

let clickhouse: TestClickHouse;
let rows: EventRow[];

beforeAll(async () => {
  process.stderr.write(`outcome property: TACIT_TEST_SEED=${seed}\n`);
  const random = seededRandom(seed);
  rows = randomEvents(random, GENERATIONS, from, SPAN_MS);
  clickhouse = await startTestClickHouse();
  await clickhouse.reporter.insertBlock('tacit.metric_settings', [ndjson(RANDOM_SETTINGS)]);
  for (const insert of randomInserts(random, rows, 400))
    await clickhouse.writer.insertBlock('tacit.events', [ndjson(insert)]);
});

afterAll(async () => {
  await clickhouse.stop();
});

/** An outcome as both sides write it. */
function written(o: OracleOutcome): Record<string, unknown> {
  return {
    ...o,
    hour: instant(o.hour).slice(0, 19),
    first_shown_at: o.first_shown_at === null ? null : instant(o.first_shown_at),
    decided_at: o.decided_at === null ? null : instant(o.decided_at),
    mature: Number(o.mature),
    clock_suspect: Number(o.clock_suspect),
    forced: Number(o.forced),
    late: Number(o.late),
  };
}

async function judged(asOf: number): Promise<Record<string, unknown>[]> {
  return await clickhouse.reporter.query(
    `SELECT project_id, hour, generation_id, trusted, prompt_id, prompt_version, model, model_version, experiment, arm,
            assignment, surface, task_id, CAST(user_kind, 'Enum8(\\'none\\' = 0, \\'session\\' = 1, \\'client\\' = 2, \\'user\\' = 3)') AS user_kind,
            user_key, metric_version, outcome, similarity, first_shown_at, decided_at, mature, clock_suspect, forced, late
     FROM tacit.outcomes_at(as_of = {as_of:DateTime64(3)})`,
    { as_of: instant(asOf) },
  );
}

function byKey(list: readonly Record<string, unknown>[]): Map<string, Record<string, unknown>> {
  return new Map(list.map((o) => [`${String(o['project_id'])} ${String(o['hour'])} ${String(o['generation_id'])}`, o]));
}

const instants = [from + 3_600_000, from + 2 * 86_400_000, from + SPAN_MS + 10 * 86_400_000];

async function checkAll(): Promise<void> {
  for (const asOf of instants) {
    const expected = byKey(oracleOutcomes(rows, RANDOM_SETTINGS, asOf).map(written));
    const found = byKey(await judged(asOf));
    expect(found.size).toBe(expected.size);
    for (const [key, outcome] of expected) expect(found.get(key), `seed ${seed}: ${key}`).toEqual(outcome);
  }
}

test('every outcome equals the oracle, at an early, a middle and a late instant', checkAll);

test('every kind of outcome occurs in numbers', () => {
  const counts = new Map<string, number>();
  for (const { outcome } of instants.flatMap((asOf) => oracleOutcomes(rows, RANDOM_SETTINGS, asOf)))
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  for (const outcome of ['not_shown', 'orphan', 'rejected', 'edited', 'accepted', 'ignored', 'unresolved'])
    expect(counts.get(outcome), outcome).toBeGreaterThan(50);
});

test('merging the parts changes no outcome', async () => {
  await clickhouse.migrator.command('OPTIMIZE TABLE tacit.generations FINAL');
  await checkAll();
});

test('sending everything again changes no outcome', async () => {
  await clickhouse.writer.insertBlock('tacit.events', [ndjson(rows)]);
  await checkAll();
});
