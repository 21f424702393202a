// infra/grafana says nothing that Grafana or Prometheus would not understand, as far as can be told without them.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  GRAFANA_FOLDER,
  parseDashboard,
  prometheusExpressions,
  readAlerts,
  readDashboards,
  readDatasources,
  readRules,
} from '../../support/grafana.js';
import { readPromQl } from '../../support/promql.js';

const PANELS_MAX = 8;
const dashboards = [...readDashboards()];
const datasources = new Map(readDatasources().map(({ uid, type }) => [uid, type]));

describe('a dashboard', () => {
  test('a part that is not described is refused, so that nothing goes unchecked', () => {
    const [, good] = dashboards[0] ?? [];
    expect(() => parseDashboard({ ...good, rows: [] })).toThrow();
    expect(() => parseDashboard({ ...good, panels: [{ ...good?.panels[0], description: ' ' }] })).toThrow();
    expect(() => parseDashboard(good)).not.toThrow();
  });

  test.each(dashboards)('%s has at most eight panels, each with an id and a title of its own', (_, { panels }) => {
    expect(panels.length).toBeLessThanOrEqual(PANELS_MAX);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  test.each(dashboards)('%s has panels that stand beside each other and never on each other', (_, { panels }) => {
    const places = panels.map(({ gridPos }) => gridPos);
    for (const { x, w } of places) expect(x + w).toBeLessThanOrEqual(24);
    for (const [i, a] of places.entries())
      for (const b of places.slice(i + 1)) {
        const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
        expect([a, b, apart]).toEqual([a, b, true]);
      }
  });

  test.each(dashboards)(
    '%s asks only data sources that are provisioned, by their type',
    (_, { panels, templating }) => {
      const asked = [
        ...panels.flatMap((panel) => [panel.datasource, ...panel.targets.map((target) => target.datasource)]),
        ...templating.list.flatMap((variable) => (variable.type === 'query' ? [variable.datasource] : [])),
      ];
      for (const source of asked) expect(datasources.get(source?.uid ?? '')).toBe(source?.type);
    },
  );

  test('every dashboard has a uid and a title of its own', () => {
    const all = dashboards.map(([, dashboard]) => dashboard);
    expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
    expect(all.map(({ uid }) => uid).sort()).toEqual(['tacit-operation', 'tacit-quality']);
  });

  test('what All stands for is not a name that a prompt can be mistaken for', () => {
    const [, quality] = dashboards.find(([file]) => file === 'quality.json') ?? [];
    const prompt = quality?.templating.list.find(({ name }) => name === 'prompt');
    expect(prompt).toMatchObject({ includeAll: true, allValue: "'*'" });
  });
});

describe('provisioning', () => {
  test('no secret stands in a file: the password comes from the environment', () => {
    for (const { secureJsonData = {} } of readDatasources())
      for (const value of Object.values(secureJsonData)) expect(value).toMatch(/^\$[A-Z_]+$/);
  });

  test('queries end before the limit that an analyst may set, five seconds of the driver included', () => {
    const clickhouse = readDatasources().find(({ type }) => type === 'grafana-clickhouse-datasource');
    expect(Number(clickhouse?.jsonData['queryTimeout']) + 5).toBeLessThanOrEqual(60);
    expect(Number(clickhouse?.jsonData['dialTimeout']) + 5).toBeLessThanOrEqual(60);
  });

  test('dashboards are read from one folder, and are not changed in the page', () => {
    const file = path.join(GRAFANA_FOLDER, 'provisioning', 'dashboards', 'tacit.yaml');
    expect(parse(readFileSync(file, 'utf8'))).toMatchObject({
      apiVersion: 1,
      providers: [{ type: 'file', allowUiUpdates: false, options: { path: '/etc/tacit/grafana/dashboards' } }],
    });
  });
});

describe('a rule', () => {
  test('each has a name of its own, and asks a data source that is provisioned', () => {
    const alerts = readAlerts();
    expect(new Set(alerts.map(({ uid }) => uid)).size).toBe(alerts.length);
    expect(new Set(alerts.map(({ title }) => title)).size).toBe(alerts.length);
    for (const { data } of alerts) expect(datasources.get(data[0].datasourceUid)).toBe('grafana-clickhouse-datasource');
    const names = readRules().map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('PromQL', () => {
  test.each(prometheusExpressions())('of $name can be read', ({ expr }) => {
    expect(readPromQl(expr).selectors.length).toBeGreaterThan(0);
  });

  test('what is not PromQL is refused', () => {
    for (const bad of [
      'sum by (reason) (rate(a_total[5m])',
      'rate(a_total)',
      'sum by reason (a_total)',
      'a_total{outcome=dead}',
      'a_total[5 minutes]',
      'a_total b_total',
      'a_total >',
      'guess(a_total)(b)',
      '',
    ])
      expect(() => readPromQl(bad), bad).toThrow();
  });

  test('metrics, matchers and labels are found', () => {
    expect(readPromQl('sum by (le, a) (rate(x_bucket{k="v",l="w"}[5m])) / ignoring(kind) y > 0.5')).toEqual({
      selectors: [
        { metric: 'x_bucket', matchers: { k: 'v', l: 'w' }, range: '[5m]' },
        { metric: 'y', matchers: {}, range: undefined },
      ],
      labels: ['le', 'a', 'kind'],
    });
  });
});
