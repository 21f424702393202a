// The demo product in a real Chromium once more, with a real Kafka between collector and sink: the same person does the same
// things, and outcomes and rates are the same.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JOURNEY_RATES, performJourney } from '../../support/demo-journey.js';
import { openDemoStage, type DemoStage } from '../../support/demo-stage.js';
import { readWitness } from '../../support/kafka-witness.js';

let stage: DemoStage;

beforeAll(async () => {
  stage = await openDemoStage({ args: ['--kafka'] });
});

afterAll(async () => {
  await stage?.close();
});

test('through Kafka a person does the same things, and has the same outcomes and rates', async () => {
  const tab = await stage.visit();
  const journey = await performJourney(stage, tab);
  expect(journey.clipboard).toContain('git reset --soft HEAD~1');
  expect(journey.outcomes).toEqual(journey.expected);
  expect(journey.acts).toEqual(journey.expectedActs);
  expect(journey.untrusted).toEqual([]);
  expect(tab.complaints).toEqual([]);
  expect(journey.rates).toEqual(JOURNEY_RATES);

  const stored = await stage.analyst.query<{ id: string }>('SELECT DISTINCT toString(event_id) AS id FROM events');
  const witness = await readWitness(stage.instance.run.kafka?.brokers ?? '', 'tacit.events');
  expect(witness.badCrc).toBe(0);
  expect(stored.filter(({ id }) => !witness.ids.has(id))).toEqual([]);
  expect(stored.length).toBeGreaterThan(2 * journey.expected.size);
});
