// Writes the settings of the projects file into `metric_settings`, where the views read them. In: projects. Out: new rows, only
// for what differs, since every row makes its project's days due again. A project that left the file keeps its rows.
import { createHash } from 'node:crypto';
import type { MetricSettings, Project } from '../../shared/contract/projects.js';
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import type { Logger } from '../../shared/runtime/log.js';
import type { OpenProjectsFile } from '../../shared/runtime/projects-file.js';
import { backoffMs, sleep, type Backoff } from '../../shared/runtime/retry.js';
import { READ_SETTINGS } from './rollup/query-settings.js';

export interface SettingsRow {
  readonly project_id: string;
  /** Empty for all surfaces that have no row of their own. */
  readonly surface: string;
  readonly metric_version: string;
  /** 0 withdraws the row. */
  readonly window_s: number;
  readonly lateness_s: number;
  readonly theta_same: number;
  readonly theta_replace: number;
}

export type ProjectSettings = Pick<Project, 'id' | 'settings' | 'surfaces'>;

/** The name that settings were given, else a hash of the four that decide outcomes. */
export function metricVersion(settings: MetricSettings): string {
  if (settings.metricVersion !== undefined) return settings.metricVersion;
  const { windowS, latenessS, thetaSame, thetaReplace } = settings;
  const digest = createHash('sha256').update(JSON.stringify([windowS, latenessS, thetaSame, thetaReplace]));
  return `m-${digest.digest('hex').slice(0, 10)}`;
}

/** Rows to write so that the table says what the projects say. Pure. */
export function changedSettings(projects: readonly ProjectSettings[], stored: readonly SettingsRow[]): SettingsRow[] {
  const key = ({ project_id, surface }: SettingsRow) => JSON.stringify([project_id, surface]);
  const known = new Map(stored.map((row) => [key(row), row]));
  const wanted = projects.flatMap((project) => [
    settingsRow(project.id, '', project.settings),
    ...Object.entries(project.surfaces).map(([surface, settings]) => settingsRow(project.id, surface, settings)),
  ]);
  const keys = new Set(wanted.map(key));
  const ids = new Set(projects.map(({ id }) => id));
  const withdrawn = stored
    .filter((row) => ids.has(row.project_id) && !keys.has(key(row)) && row.window_s > 0)
    .map((row) => ({ ...row, window_s: 0 }));
  return [...wanted.filter((row) => !sameSettings(row, known.get(key(row)))), ...withdrawn];
}

function settingsRow(project: string, surface: string, settings: MetricSettings): SettingsRow {
  return {
    project_id: project,
    surface,
    metric_version: metricVersion(settings),
    window_s: settings.windowS,
    lateness_s: settings.latenessS,
    theta_same: settings.thetaSame,
    theta_replace: settings.thetaReplace,
  };
}

function sameSettings(a: SettingsRow, b: SettingsRow | undefined): boolean {
  return (
    b !== undefined &&
    a.metric_version === b.metric_version &&
    a.window_s === b.window_s &&
    a.lateness_s === b.lateness_s &&
    a.theta_same === b.theta_same &&
    a.theta_replace === b.theta_replace
  );
}

/** Compares and writes. Answers how many rows were written. */
export async function syncSettings(clickhouse: ClickHouse, projects: readonly ProjectSettings[]): Promise<number> {
  const stored = await clickhouse.query<SettingsRow>(
    `SELECT project_id, surface, metric_version, window_s, lateness_s, theta_same, theta_replace FROM metric_settings FINAL`,
    {},
    READ_SETTINGS,
  );
  const rows = changedSettings(projects, stored);
  if (rows.length === 0) return 0;
  const body = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await clickhouse.insertBlock('metric_settings', [Buffer.from(body)]);
  return rows.length;
}

/** Pause before the next attempt when ClickHouse did not take the settings. */
const RETRY: Backoff = { minMs: 500, maxMs: 10_000 };

export interface SettingsSync {
  stop(): Promise<void>;
}

/** Writes the settings now and after each change of the file, trying again until ClickHouse has them. */
export function followSettings(dependencies: {
  readonly clickhouse: ClickHouse;
  readonly projects: Pick<OpenProjectsFile, 'current' | 'onChange'>;
  readonly log: Logger;
}): SettingsSync {
  const { clickhouse, projects, log } = dependencies;
  const stopped = new AbortController();
  let asked = true;
  const writeAll = async (): Promise<void> => {
    for (let attempt = 1; asked && !stopped.signal.aborted; attempt++) {
      try {
        asked = false;
        const written = await syncSettings(clickhouse, projects.current());
        if (written > 0) log.info({ rows: written }, 'settings of projects changed');
        attempt = 0;
      } catch (error) {
        asked = true;
        log.warn({ err: error }, 'settings could not be written; trying again');
        await sleep(backoffMs(attempt, RETRY), stopped.signal);
      }
    }
  };
  let writing = writeAll();
  const off = projects.onChange(() => {
    asked = true;
    writing = writing.then(writeAll);
  });
  return {
    stop: async () => {
      off();
      stopped.abort();
      await writing;
    },
  };
}
