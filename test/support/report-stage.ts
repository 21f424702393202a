// Reports on their way in tests: a runner on a real ClickHouse with a clock of the test's own, and what the ledger says of it.
// In: definitions, projects, what differs. Out: passes at instants, steps. Must leave no file behind.
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { buildReport } from '../../services/reporter/reports/build-report.js';
import { reportDefinitionSchema, type ReportDefinition } from '../../services/reporter/reports/definition.js';
import { createReportMetrics } from '../../services/reporter/reports/report-metrics.js';
import { createRunner } from '../../services/reporter/reports/runner.js';
import type { RunnerDependencies } from '../../services/reporter/reports/runner-dependencies.js';
import { projectSchema } from '../../shared/contract/projects.js';
import type { VisibleProject } from '../../services/reporter/access.js';
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import { createMetrics } from '../../shared/runtime/metrics.js';
import { makeTempDir } from './temp-dir.js';

export function visibleProject(id: string): VisibleProject {
  return { ...projectSchema.parse({ id, hashKey: { value: 'a hash key of a test' } }) };
}

export function definitionOf(differences: Record<string, unknown> = {}): ReportDefinition {
  return reportDefinitionSchema.parse({ id: 'daily', cron: '0 6 * * *', windowDays: 7, ...differences });
}

export interface ReportStage {
  readonly directory: string;
  readonly logged: string[];
  /** The runner of a further reporter process, as far as anybody can tell. */
  runner(differences?: Partial<RunnerDependencies>): {
    readonly at: (instant: string) => Promise<void>;
    metrics(): Promise<string>;
  };
  /** Steps of a project in the ledger: `slot target edition attempt status detail`. */
  steps(project: string, target?: string): Promise<string[]>;
  close(): void;
}

export interface StageOptions {
  readonly clickhouse: ClickHouse;
  readonly project: string;
  readonly definitions: readonly ReportDefinition[];
  readonly delivery?: Partial<RunnerDependencies['delivery']>;
}

export function openReportStage({ clickhouse, project, definitions, delivery = {} }: StageOptions): ReportStage {
  const { dir, remove } = makeTempDir('reports');
  const logged: string[] = [];
  const stream = new Writable({ write: (chunk, _encoding, done) => (logged.push(String(chunk)), done()) });
  return {
    directory: dir,
    logged,
    runner(differences = {}) {
      const registry = createMetrics();
      let now = 0;
      const runner = createRunner({
        clickhouse,
        definitions: () => definitions,
        projects: () => [visibleProject(project)],
        build: buildReport,
        daysNotRolledUp: async () => await Promise.resolve([]),
        delivery: { env: {}, mailServer: undefined, now: () => now, reportsDirectory: dir, ...delivery },
        publicUrl: () => undefined,
        metrics: createReportMetrics(registry),
        log: pino(stream),
        clock: async () => await Promise.resolve(now),
        pausesS: [60, 120],
        ...differences,
      });
      return {
        at: async (instant) => {
          now = Date.parse(instant);
          await runner.run(new AbortController().signal);
        },
        metrics: async () => await registry.metrics(),
      };
    },
    steps: async (of, target) =>
      (
        await clickhouse.query<{ step: string }>(
          `SELECT concat(formatDateTime(slot, '%m-%dT%H:%i'), ' ', target, ' ', toString(edition), ' ', toString(attempt), ' ', toString(status), ' ', detail) AS step
           FROM report_runs WHERE project_id = {of:String} AND edition > 0 ${target === undefined ? '' : 'AND target = {target:String}'}
           ORDER BY slot, target, edition, attempt, report_runs.status`,
          target === undefined ? { of } : { of, target },
        )
      ).map(({ step }) => step.trim().replaceAll(/ +/g, ' ')),
    close: remove,
  };
}
