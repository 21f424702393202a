// Outcomes of random event sets, however they are shuffled, repeated, re-timed and cut, against an oracle that shares no code.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventRow } from '../../shared/contract/rows.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { daysAgo } from '../support/days.js';
import { expectedOutcomes, readOutcomes } from '../support/judged.js';
import { oracleOutcomes } from '../support/oracle.js';
import { chooseSeed, seededRandom } from '../support/random.js';
import { RANDOM_SETTINGS, ndjson, randomEvents, randomInserts } from '../support/random-events.js';

const GENERATIONS = 4000;
const SPAN_MS = 3 * 86_400_000;
const seed = chooseSeed(process.env['TACIT_TEST_SEED']);
const from = daysAgo(57);

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

const instants = [from + 3_600_000, from + 2 * 86_400_000, from + SPAN_MS + 10 * 86_400_000];

async function checkAll(): Promise<void> {
  for (const asOf of instants) {
    const expected = expectedOutcomes(rows, RANDOM_SETTINGS, asOf);
    const found = await readOutcomes(clickhouse.reporter, asOf);
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
