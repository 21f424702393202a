// Inserts blocks straight into an embedded server of its own, as the least that storing them can cost. In: blocks.
// Out: what a pass used. Must leave neither process nor folder behind.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Block } from '../../shared/runtime/stream.js';
import { startTestClickHouse } from '../support/clickhouse.js';
import { makeTempDir } from '../support/temp-dir.js';
import type { DirectOrder } from './direct-insert.js';
import { insertSizes } from './insert-sizes.js';
import { cpuSeconds } from './measure.js';
import { startWorker } from './orders.js';
import { emptied, quiet } from './quiet.js';

/** What one pass used: CPU seconds of each side, and seconds until the last row was acknowledged. */
export interface InsertUse {
  readonly client: number;
  readonly server: number;
  readonly seconds: number;
}

export interface DirectFloor {
  /** Bytes of each insert. */
  readonly sizes: readonly number[];
  /** Empties the tables and inserts everything. */
  pass(): Promise<InsertUse>;
  stop(): Promise<void>;
}

export async function startDirectFloor(blocks: readonly Block[]): Promise<DirectFloor> {
  const { dir, remove } = makeTempDir('bench-direct');
  const sizes = await insertSizes(path.join(dir, 'log'), blocks);
  const file = path.join(dir, 'rows.ndjson');
  writeFileSync(file, Buffer.concat(blocks.map(({ body }) => body)));
  const clickhouse = await startTestClickHouse();
  const client = await startWorker<DirectOrder, null>('direct-insert');
  await client.ask({ kind: 'load', file, sizes });
  return {
    sizes,
    pass: async () => {
      await emptied(clickhouse);
      const before = { client: cpuSeconds(client.pid), server: cpuSeconds(clickhouse.pid()), at: performance.now() };
      await client.ask({ kind: 'insert', connection: clickhouse.connections.writer });
      const seconds = (performance.now() - before.at) / 1000;
      await quiet(clickhouse.migrator);
      return {
        client: cpuSeconds(client.pid) - before.client,
        server: cpuSeconds(clickhouse.pid()) - before.server,
        seconds,
      };
    },
    stop: async () => {
      await client.stop();
      await clickhouse.stop();
      remove();
    },
  };
}
