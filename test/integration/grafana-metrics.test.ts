// What the dashboards and rules ask of Prometheus, beside what the real processes say at /metrics.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { WRITE_KEY } from '../support/collector.js';
import { makeCollectorFolder, type CollectorFolder } from '../support/collector-folder.js';
import { eventually } from '../support/eventually.js';
import { prometheusExpressions } from '../support/grafana.js';
import { readPromQl } from '../support/promql.js';
import { READ_TOKEN, startReporter, testProject, type TestReporter } from '../support/reporter.js';
import { startService, type ServiceProcess } from '../support/service-process.js';

/** Labels that Prometheus adds to everything that it reads. */
const ADDED_LABELS = ['instance', 'job'];
/** Labels, and values of labels, of series that come only when something fails or a day has passed. */
const COMES_LATER: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  tacit_sink_rows_total: { outcome: ['stored', 'dead', 'retried'] },
  tacit_reporter_day_runs_total: { result: ['done', 'beaten', 'failed'] },
  tacit_reporter_window_runs_total: { result: ['done', 'beaten', 'failed'] },
  tacit_reporter_look_runs_total: { result: ['taken', 'done', 'nothing', 'waiting', 'busy', 'failed'] },
};

interface Exposed {
  /** Label to its values. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
}

let clickhouse: TestClickHouse;
let reporter: TestReporter;
const folders: CollectorFolder[] = [];
const services: ServiceProcess[] = [];
const exposed = new Map<string, Exposed>();

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
  folders.push(await makeCollectorFolder(), await makeCollectorFolder());
  const [own, forwarding] = folders;
  const start = async (name: string, env: Readonly<Record<string, string>>): Promise<string> => {
    const service = await startService(name, env);
    services.push(service);
    return `http://127.0.0.1:${String(service.ready['port'])}`;
  };
  const collector = await start('collector', { ...own?.env });
  // nothing listens there: the forwarder has its metrics while Kafka is away
  const forwarder = await start('collector', { ...forwarding?.env, KAFKA_BROKERS: '127.0.0.1:1' });
  const { user, password } = clickhouse.connections.writer;
  const sink = await start('sink', {
    ...{ TACIT_DATA_DIR: own?.env['TACIT_DATA_DIR'] ?? '', TACIT_SINK_PORT: '0', LOG_LEVEL: 'warn' },
    ...{ CLICKHOUSE_URL: clickhouse.url, CLICKHOUSE_WRITER_USER: user, CLICKHOUSE_WRITER_PASSWORD: password },
  });
  reporter = await startReporter({ connection: clickhouse.connections.reporter, projects: [testProject('demo')] });
  expect(await post(collector, { events: [{}] })).toBe(202); // dropped, which is a row too
  expect(await post(collector, [])).toBe(400);
  for (const url of [collector, forwarder]) await scrape(url);
  const seen = (metric: string, label?: string) => exposed.get(metric)?.labels.has(label ?? '') ?? false;
  await eventually(
    async () => await scrape(sink),
    () => seen('tacit_sink_rows_total', 'outcome'),
    60_000,
  );
  await scrape(reporter.url);
});

afterAll(async () => {
  for (const service of services) await service.kill();
  await reporter.kill();
  await clickhouse.stop();
  for (const folder of folders) folder.remove();
});

async function post(url: string, body: unknown): Promise<number> {
  const headers = { authorization: `Bearer ${WRITE_KEY}`, 'content-type': 'application/json' };
  return (await fetch(`${url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
}

async function scrape(url: string): Promise<void> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${READ_TOKEN}` } });
  expect(answer.status).toBe(200);
  for (const line of (await answer.text()).split('\n')) {
    const type = /^# TYPE (\w+) (\w+)$/.exec(line);
    if (type?.[1] !== undefined && !exposed.has(type[1])) exposed.set(type[1], { labels: new Map() });
    const sample = /^(\w+)(?:\{(.*)\})? /.exec(line);
    if (sample?.[1] === undefined) continue;
    const labels = new Map(exposed.get(sample[1])?.labels);
    for (const [, label = '', value = ''] of (sample[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
      labels.set(label, new Set([...(labels.get(label) ?? []), value]));
    exposed.set(sample[1], { labels });
  }
}

function labelsOf(metric: string): string[] {
  return [...(exposed.get(metric)?.labels.keys() ?? []), ...Object.keys(COMES_LATER[metric] ?? {}), ...ADDED_LABELS];
}

describe.each(prometheusExpressions())('$name', ({ expr }) => {
  const { selectors, labels } = readPromQl(expr);

  test('names only metrics that a process shows', () => {
    for (const { metric } of selectors) expect([metric, exposed.has(metric)]).toEqual([metric, true]);
  });

  test('names only labels, and values of labels, that these metrics have', () => {
    for (const { metric, matchers } of selectors)
      for (const [label, value] of Object.entries(matchers)) {
        expect(labelsOf(metric)).toContain(label);
        expect([...(exposed.get(metric)?.labels.get(label) ?? []), ...(COMES_LATER[metric]?.[label] ?? [])]).toContain(
          value,
        );
      }
    const known = new Set(selectors.flatMap(({ metric }) => labelsOf(metric)));
    for (const label of labels) expect([...known]).toContain(label);
  });
});

test('every metric of the services has a name by which its service is known', () => {
  for (const name of exposed.keys()) expect(name).toMatch(/^(tacit_(collector|sink|reporter)_|process_|nodejs_)/);
});
