// The real collector as a process on a temporary data directory with one project, and its floor beside it.
// In: nothing. Out: addresses, process ids, keys. Must leave neither process nor folder behind.
import { writeFileSync } from 'node:fs';
import { ensureDataDir } from '../../shared/runtime/data-dir.js';
import { projectsFileSchema } from '../../shared/contract/projects.js';
import { startService } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';
import type { FloorAddress } from './floor-collector.js';
import { startWorker } from './orders.js';

export const BENCH_KEY = 'pk_bench_0123456789';
export const BENCH_SECRET = 'signing-secret-of-the-benchmark';

/** Something that takes batches. */
export interface Target {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const PROJECTS = projectsFileSchema.parse({
  version: 1,
  projects: [
    {
      id: 'bench',
      hashKey: { value: 'hash-key-of-the-benchmark' },
      writeKeys: [{ key: BENCH_KEY, allowNoOrigin: true, eventsPerSecond: 1e6, burst: 1e7 }],
      signingSecrets: [{ value: BENCH_SECRET }],
    },
  ],
});

export async function startBenchCollector(): Promise<Target> {
  const { dir, remove } = makeTempDir('bench-collector');
  writeFileSync(ensureDataDir(dir).projectsFile, JSON.stringify(PROJECTS), { mode: 0o600 });
  const service = await startService('collector', {
    TACIT_DATA_DIR: dir,
    TACIT_COLLECTOR_PORT: '0',
    LOG_LEVEL: 'warn',
  });
  return {
    url: `http://127.0.0.1:${String(service.ready['port'])}`,
    pid: service.pid,
    stop: async () => {
      await service.stop();
      remove();
    },
  };
}

export async function startFloorCollector(): Promise<Target> {
  const worker = await startWorker<object, FloorAddress>('floor-collector');
  const { url } = await worker.ask({});
  return { url, pid: worker.pid, stop: async () => await worker.stop() };
}
