// infra/grafana as a test reads it: dashboards, provisioning and rules, with exactly the parts that they use. In: nothing.
// Out: panels, queries and rules. Throws when a file has a part that is not described here, or one of another shape.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../../shared/runtime/project-root.js';

export const GRAFANA_FOLDER = path.join(projectRoot, 'infra', 'grafana');

const words = z.string().trim().min(1);
const datasource = z.strictObject({
  type: z.enum(['grafana-clickhouse-datasource', 'prometheus']),
  uid: z.string().regex(/^[a-z0-9-]{1,40}$/),
});

/** The plugin's `format` is 0 for time series and 1 for tables. */
const sqlQuery = z
  .strictObject({
    refId: z.string().regex(/^[A-Za-z]+$/),
    datasource: datasource.optional(),
    editorType: z.literal('sql'),
    queryType: z.enum(['table', 'timeseries']),
    format: z.union([z.literal(0), z.literal(1)]),
    rawSql: words,
  })
  .refine(({ queryType, format }) => (queryType === 'table') === (format === 1), 'format and queryType differ');
const promQuery = z.strictObject({
  refId: z.string().regex(/^[A-Z]$/),
  datasource,
  expr: words,
  legendFormat: words,
  range: z.literal(true),
});

const property = z.strictObject({ id: words, value: z.unknown() });
const override = z.strictObject({
  matcher: z.strictObject({ id: z.literal('byName'), options: words }),
  properties: z.array(property).min(1),
});
const panelSchema = z.strictObject({
  id: z.int().min(1),
  title: words,
  description: words,
  type: z.enum(['table', 'timeseries', 'stat']),
  gridPos: z.strictObject({
    x: z.int().min(0),
    y: z.int().min(0),
    w: z.int().min(1).max(24),
    h: z.int().min(1),
  }),
  datasource,
  fieldConfig: z.strictObject({
    defaults: z.looseObject({ unit: words }),
    overrides: z.array(override),
  }),
  targets: z.array(z.union([sqlQuery, promQuery])).min(1),
  options: z.record(z.string(), z.unknown()),
});

const variableSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...{ type: z.literal('query'), name: words, label: words, datasource, query: sqlQuery },
    ...{ refresh: z.literal(2), sort: z.literal(0), multi: z.literal(false) },
    includeAll: z.literal(true).optional(),
    allValue: words.optional(),
  }),
  z.strictObject({
    ...{ type: z.literal('custom'), name: words, label: words, query: words },
    current: z.strictObject({ text: words, value: words }),
    options: z.array(z.strictObject({ text: words, value: words, selected: z.boolean() })),
    ...{ multi: z.literal(false), includeAll: z.literal(false) },
  }),
]);

const dashboardSchema = z.strictObject({
  uid: z.string().regex(/^[a-z0-9-]{1,40}$/),
  title: words,
  description: words,
  tags: z.array(words),
  schemaVersion: z.int().min(39),
  version: z.int(),
  editable: z.boolean(),
  graphTooltip: z.int(),
  time: z.strictObject({ from: words, to: words }),
  timezone: z.literal('utc'),
  refresh: words,
  annotations: z.strictObject({ list: z.array(z.unknown()) }),
  links: z.array(z.unknown()),
  templating: z.strictObject({ list: z.array(variableSchema) }),
  panels: z.array(panelSchema).min(1),
});
export type Dashboard = z.infer<typeof dashboardSchema>;
export type Panel = z.infer<typeof panelSchema>;

const threshold = z.strictObject({
  refId: z.literal('B'),
  type: z.literal('threshold'),
  expression: z.literal('A'),
  conditions: z.tuple([
    z.strictObject({ evaluator: z.strictObject({ type: z.literal('gt'), params: z.tuple([z.number()]) }) }),
  ]),
});
const alertSchema = z.strictObject({
  uid: z.string().regex(/^[a-z0-9-]{1,40}$/),
  title: words,
  condition: z.literal('B'),
  for: z.string().regex(/^\d+[smh]$/),
  noDataState: z.literal('OK'),
  execErrState: z.literal('Error'),
  labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
  annotations: z.strictObject({ summary: words }),
  data: z.tuple([
    z.strictObject({
      refId: z.literal('A'),
      datasourceUid: words,
      relativeTimeRange: z.strictObject({ from: z.int().positive(), to: z.literal(0) }),
      model: sqlQuery,
    }),
    z.strictObject({ refId: z.literal('B'), datasourceUid: z.literal('__expr__'), model: threshold }),
  ]),
});
export type Alert = z.infer<typeof alertSchema>;

const alertsFileSchema = z.strictObject({
  apiVersion: z.literal(1),
  groups: z.array(
    z.strictObject({
      ...{ orgId: z.literal(1), name: words, folder: words, interval: z.string().regex(/^\d+[smh]$/) },
      rules: z.array(alertSchema).min(1),
    }),
  ),
});

const rulesFileSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: words,
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Tacit[A-Za-z]+$/),
          expr: words,
          for: z
            .string()
            .regex(/^\d+[smh]$/)
            .optional(),
          labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
          annotations: z.strictObject({ summary: words, description: words }),
        }),
      ),
    }),
  ),
});

const datasourcesSchema = z.strictObject({
  apiVersion: z.literal(1),
  datasources: z.array(
    z.strictObject({
      ...{ name: words, uid: words, type: words, access: z.literal('proxy'), url: words.optional() },
      jsonData: z.record(z.string(), z.unknown()),
      secureJsonData: z.record(z.string(), words).optional(),
    }),
  ),
});

function readText(...name: string[]): string {
  return readFileSync(path.join(GRAFANA_FOLDER, ...name), 'utf8');
}

/** By file name. */
export function readDashboards(): ReadonlyMap<string, Dashboard> {
  const files = readdirSync(path.join(GRAFANA_FOLDER, 'dashboards'));
  return new Map(files.map((file) => [file, dashboardSchema.parse(JSON.parse(readText('dashboards', file)))]));
}

export function parseDashboard(value: unknown): Dashboard {
  return dashboardSchema.parse(value);
}

export function readAlerts(): readonly Alert[] {
  const file = alertsFileSchema.parse(parse(readText('provisioning', 'alerting', 'tacit.yaml')));
  return file.groups.flatMap(({ rules }) => rules);
}

export function readDatasources(): z.infer<typeof datasourcesSchema>['datasources'] {
  return datasourcesSchema.parse(parse(readText('provisioning', 'datasources', 'tacit.yaml'))).datasources;
}

export function readRules(): z.infer<typeof rulesFileSchema>['groups'][number]['rules'] {
  return rulesFileSchema.parse(parse(readText('prometheus-rules.yaml'))).groups.flatMap(({ rules }) => rules);
}

/** Every expression for Prometheus, with where it stands. */
export function prometheusExpressions(): { readonly name: string; readonly expr: string }[] {
  const panels = [...readDashboards().values()].flatMap(({ panels }) => panels);
  return [
    ...panels.flatMap(({ title, targets }) =>
      targets.flatMap((target) => ('expr' in target ? [{ name: `${title} ${target.refId}`, expr: target.expr }] : [])),
    ),
    ...readRules().map(({ alert, expr }) => ({ name: alert, expr })),
  ];
}
