// The roll-up on the real embedded ClickHouse.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../../../shared/runtime/log.js';
import { createReporterMetrics } from '../../../../services/reporter/metrics.js';
import { createRollup } from '../../../../services/reporter/rollup/run.js';
import { startTestClickHouse, type TestClickHouse } from '../../../support/clickhouse.js';
import { ndjson, blankEvent } from '../../../support/random-events.js';

let server: TestClickHouse;
beforeAll(async () => {
  server = await startTestClickHouse({ projects: ['acme'] });
});
afterAll(async () => await server.stop());

test('a shown and copied generation becomes an accepted one', async () => {
  const at = Date.now();
  const of = { generated_at: at, occurred_at: at, received_at: at };
  await server.writer.insertBlock('events', [
    ndjson([
      blankEvent({ ...of, event_type: 'shown', shows: 1 }),
      blankEvent({
        ...of,
        event_type: 'copy',
        decides: 'accept',
        decision_value: 1,
        event_id: '00000000-0000-7000-8000-000000000001',
      }),
    ]),
  ]);
  const rollup = createRollup({
    clickhouse: server.reporter,
    metrics: createReporterMetrics(),
    log: createLogger('test', 'warn'),
  });
  await rollup.run(new AbortController().signal);
  expect(await server.reporter.query(`SELECT * FROM rates`)).toMatchObject([{ shown: 1, accepted: 1, mature: 0 }]);
});
