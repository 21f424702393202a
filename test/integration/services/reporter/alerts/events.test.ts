// From what stands in the tables to what a person is told: events read from the views, and a reporter process that tells of them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alertSchema } from '../../../../../services/reporter/alerts/alert.js';
import { readEvents } from '../../../../../services/reporter/alerts/read-events.js';
import { openHttpReceiver } from '../../../../support/alert-receiver.js';
import { startTestClickHouse, type TestClickHouse } from '../../../../support/clickhouse.js';
import { eventually } from '../../../../support/eventually.js';
import { ndjson } from '../../../../support/random-events.js';
import { startReporter, testProject } from '../../../../support/reporter.js';
import { logE } from '../../../../support/verdict-oracle.js';

const DAY_MS = 86_400_000;
const URL_OF_PAGE = 'https://tacit.example.com';
const now = Date.now();
const dayBefore = (days: number) => new Date(now - days * DAY_MS).toISOString().slice(0, 10);

let server: TestClickHouse;

/** A look of a randomised comparison `daysAgo`, at the same time of day as now. */
function look(project_id: string, comparison_id: string, daysAgo: number, difference: number) {
  const estimate = { difference, standard_error: 0.012 };
  return {
    project_id,
    comparison_id,
    look_at: now - daysAgo * DAY_MS,
    family: project_id,
    tier: 'T1',
    tau: 0.05,
    alpha: 0.05,
    ...estimate,
    log_e: logE({ comparison_id, look_at: now, ...estimate }),
    gates: [],
    n_a: 5000,
    n_b: 5100,
    persons_a: 600,
    persons_b: 610,
    persons: 1200,
    rate_a: 0.41,
    rate_b: Number((0.41 + difference).toFixed(3)),
    metric_version: 'm-1',
  };
}

function comparison(project_id: string, comparison_id: string) {
  const names = { name_a: 'version 7', name_b: 'version 8' };
  return {
    project_id,
    comparison_id,
    kind: 'experiment',
    prompt_id: 'summarise',
    surface: 'web',
    ...names,
    created_at: now,
  };
}

/** A watch that is fallen since eight days ago; the first day on which it was so was `firedDaysAgo`. */
function fallen(project_id: string, watch_id: string, daysAgo: number, state = 'fallen') {
  const since = state === 'fallen' ? { since: dayBefore(8), deployment: 'version 8', deployed_on: dayBefore(8) } : {};
  return {
    project_id,
    watch_id,
    prompt_id: 'draft',
    day: dayBefore(daysAgo),
    as_of: now,
    state,
    ...since,
    from_day: dayBefore(8),
    n: 1000,
    persons: 200,
    rate: 0.3,
    standard_error: 0.02,
    baseline: 0.4,
    baseline_days: 28,
    baseline_from: dayBefore(40),
    baseline_to: dayBefore(13),
    metric_version: 'm-1',
  };
}

beforeAll(async () => {
  server = await startTestClickHouse();
  const looks = [
    look('shop', 'worse', 3, 0),
    look('shop', 'worse', 2, -0.1),
    look('shop', 'worse', 1, -0.09),
    look('shop', 'worse', 0, -0.08),
    look('shop', 'better', 0, 0.1),
    look('shop', 'equal', 0, 0),
    look('shop', 'recovered', 1, -0.1),
    look('shop', 'recovered', 0, 0),
    look('other', 'worse', 0, -0.1),
  ];
  const comparisons = looks.map((each) => comparison(each.project_id, each.comparison_id));
  await server.reporter.insertBlock('comparison_looks', [ndjson(looks)]);
  await server.reporter.insertBlock('comparisons', [ndjson(comparisons)]);
  await server.reporter.insertBlock('drift_looks', [
    ndjson([
      fallen('shop', 'fell', 6, 'steady'),
      fallen('shop', 'fell', 5),
      fallen('shop', 'fell', 4),
      fallen('shop', 'back', 5),
      fallen('shop', 'back', 4, 'steady'),
    ]),
  ]);
});
afterAll(async () => {
  await server.stop();
});

test('the events are the comparisons that are worse now and the rates that are fallen now, with their first days', async () => {
  const settings = { windowS: 86_400, latenessS: 86_400 };
  const events = await readEvents(server.reporter, [{ id: 'shop', settings, surfaces: {} }], URL_OF_PAGE);
  expect(events.map(({ firedOn, alert }) => [alert.kind, alert.prompt, alert.since, firedOn])).toEqual([
    ['worse', 'summarise', dayBefore(2), dayBefore(2)],
    // five days ago it was seen, which was known when that day was final: two days after its end
    ['fallen', 'draft', dayBefore(8), dayBefore(2)],
  ]);
  for (const { alert } of events) expect(alertSchema.parse(alert)).toEqual(alert);
  const [worse, fell] = events.map(({ alert }) => alert);
  expect(worse?.kind === 'worse' && worse.comparison).toEqual({
    id: 'worse',
    a: 'version 7',
    b: 'version 8',
    difference: -0.08,
    rateA: 0.41,
    rateB: 0.33,
    nA: 5000,
    nB: 5100,
    personsA: 600,
    personsB: 610,
  });
  expect(worse).toMatchObject({ n: 10_100, persons: 1200, asOf: new Date(now).toISOString() });
  expect(worse?.interval.low).toBeLessThan(-0.08);
  expect(worse?.interval.high).toBeGreaterThan(-0.08);
  expect(worse?.interval.high).toBeLessThan(0);
  expect(worse?.sentence).toMatch(/^Version 8 is accepted less often than version 7/);
  expect(worse?.link).toBe(`${URL_OF_PAGE}/comparison?project=shop&id=worse`);
  expect(fell?.kind === 'fallen' && fell.drift).toEqual({
    watch: 'fell',
    promptVersion: '',
    rate: 0.3,
    baseline: 0.4,
    deployment: 'version 8',
    deployedOn: dayBefore(8),
  });
  expect(fell?.sentence).toMatch(/^draft has fallen since .* version 8 went live.*not a comparison\.$/);
  expect(fell?.interval.low).toBeCloseTo(0.3 - 1.96 * 0.02, 2);
  expect(fell?.interval.high).toBeCloseTo(0.3 + 1.96 * 0.02, 2);
});

test('a reporter tells of them once, with links to itself, and publishes what it sends', async () => {
  const hook = await openHttpReceiver();
  const target = { kind: 'webhook', name: 'ops', url: { env: 'OPS_HOOK' }, secret: { env: 'OPS_SECRET' } };
  const reporter = await startReporter({
    connection: server.connections.reporter,
    projects: [testProject('shop', { alerts: { targets: [target] } })],
    env: {
      TACIT_COMPARISON_CRON: '* * * * * *',
      TACIT_ALERT_CRON: '* * * * * *',
      OPS_HOOK: `${hook.url}/T0KEN`,
      OPS_SECRET: 'a secret of a test, long enough',
    },
  });
  try {
    hook.answers = [{ status: 400 }];
    await eventually(
      async () => await Promise.resolve({ received: hook.received.length, log: reporter.log }),
      ({ received }) => received >= 2,
      60_000,
    );
    const runs = async () => {
      const metrics = await (await fetch(`${reporter.url}/metrics`)).text();
      return [...metrics.matchAll(/^tacit_reporter_look_runs_total\{.*\} (\d+)$/gm)].reduce(
        (sum, [, n]) => sum + Number(n),
        0,
      );
    };
    const before = await runs();
    await eventually(runs, (n) => n >= before + 2, 60_000);
    const alerts = hook.received.map(({ body }) => alertSchema.parse(JSON.parse(body)));
    expect(alerts.map(({ kind }) => kind).sort()).toEqual(['fallen', 'worse']);
    for (const { link } of alerts) expect(link.startsWith(`${reporter.url}/`)).toBe(true);
    const schema = await fetch(`${reporter.url}/api/alert.schema.json`);
    expect(schema.headers.get('content-type')).toMatch(/^application\/schema\+json/);
    expect(await schema.json()).toMatchObject({ title: 'Tacit alert' });
    const metrics = await (await fetch(`${reporter.url}/metrics`)).text();
    expect(metrics).toContain('tacit_reporter_alert_deliveries_total{result="sent",kind="webhook"} 1');
    expect(metrics).toContain('tacit_reporter_alert_deliveries_total{result="failed",kind="webhook"} 1');
    expect(reporter.log.join('\n')).not.toMatch(/T0KEN|a secret of a test/);
  } finally {
    await reporter.stop();
    await hook.close();
  }
});
