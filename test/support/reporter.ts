// A reporter process of a test's own, as it runs in production: the built entry, configured by the environment alone.
// In: a ClickHouse to use, projects. Out: its address and ways to stop or kill it. Must leave no process and no file behind.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ClickHouseConnection } from '../../shared/runtime/clickhouse.js';
import { startService, type ServiceProcess } from './service-process.js';
import { makeTempDir } from './temp-dir.js';

export const READ_TOKEN = 'rt_test_token_0123456789';

/** A project of the projects file that `READ_TOKEN` opens. */
export function testProject(id: string, differences: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    hashKey: { value: 'a hash key of a test' },
    readTokens: [{ sha256: sha256(READ_TOKEN) }],
    ...differences,
  };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export interface TestReporter extends ServiceProcess {
  readonly url: string;
  /** Replaces the projects file. */
  setProjects(projects: readonly Record<string, unknown>[]): Promise<void>;
}

export interface TestReporterOptions {
  readonly connection: ClickHouseConnection;
  readonly projects: readonly Record<string, unknown>[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Resolves when it is ready. Looks for changes every second unless `env` says otherwise. */
export async function startReporter({ connection, projects, env = {} }: TestReporterOptions): Promise<TestReporter> {
  const { dir, remove } = makeTempDir('reporter');
  const projectsFile = path.join(dir, 'projects.json');
  const setProjects = async (changed: readonly Record<string, unknown>[]) =>
    await writeFile(projectsFile, JSON.stringify({ version: 1, projects: changed }));
  await setProjects(projects);
  const service = await startService('reporter', {
    TACIT_DATA_DIR: dir,
    TACIT_PROJECTS_FILE: projectsFile,
    TACIT_REPORTER_PORT: '0',
    TACIT_ROLLUP_CRON: '* * * * * *',
    CLICKHOUSE_URL: connection.url,
    CLICKHOUSE_DATABASE: connection.database,
    CLICKHOUSE_REPORTER_USER: connection.user,
    CLICKHOUSE_REPORTER_PASSWORD: connection.password,
    ...env,
  });
  return {
    ...service,
    url: `http://127.0.0.1:${String(service.ready['port'])}`,
    setProjects,
    kill: async () => {
      await service.kill();
      remove();
    },
    stop: async () => {
      const code = await service.stop();
      remove();
      return code;
    },
  };
}
