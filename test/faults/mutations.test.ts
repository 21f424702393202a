// The test of the conservation law, tested: with a counter, or the order of acknowledgement and commit, taken out, it is red.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { mutateBuild, type Mutation } from '../support/mutated-build.js';

const MUTATIONS: readonly Mutation[] = [
  {
    name: 'the collector answers before the rows are on disk',
    file: 'services/collector/appender.js',
    from: 'await this.#writer.append(blocks);',
    to: 'setTimeout(() => void this.#writer.append(blocks), 1500);',
  },
  {
    name: 'the collector counts one drop for many',
    file: 'services/collector/drops.js',
    from: 'n: drafts.length',
    to: 'n: 1',
  },
  {
    name: 'the sink commits without waiting for ClickHouse',
    file: 'services/sink/insert.js',
    from: 'await orCut(send(table, chunks), cut);',
    to: 'void send(table, chunks).catch(() => undefined);',
  },
  {
    name: 'the sink takes bad weather for success',
    file: 'services/sink/insert.js',
    from: "await waiting.pause('clickhouse', error);",
    to: 'return undefined;',
  },
  {
    name: 'the sink forgets a row that it rejects',
    file: 'services/sink/store.js',
    from: 'confirmed.push({ row, reason });',
    to: 'continue;',
  },
  {
    name: 'the sink puts a row aside without writing its dead letter',
    file: 'services/sink/consume.js',
    from: 'await storeDeadLetters(letters, this.#options);',
    to: '',
  },
  {
    name: 'the sink does not count a dead row',
    file: 'services/sink/consume.js',
    from: 'counts.dead += 1;',
    to: 'counts.dead += 0;',
  },
  {
    name: 'the sink counts a dead row as stored too',
    file: 'services/sink/group.js',
    from: 'stored: rows - dead',
    to: 'stored: rows',
  },
  {
    name: 'the sink does not count the rows of a block',
    file: 'services/sink/group.js',
    from: 'counts.rows += lines;',
    to: 'counts.rows = lines;',
  },
  {
    name: 'the committed total of stored rows starts anew at each commit',
    file: 'shared/runtime/disk-log/reader.js',
    from: 'stored: stored + counts.stored',
    to: 'stored: counts.stored',
  },
  {
    name: 'the committed total of dead rows is not moved',
    file: 'shared/runtime/disk-log/reader.js',
    from: 'dead: dead + counts.dead',
    to: 'dead: dead',
  },
];

/** Runs the test of the law on a build up to its first red title; answers exit code and output. */
async function runLaw(build: string): Promise<{ code: number | null; output: string }> {
  const vitest = path.join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');
  const args = ['run', '--config', '.config/vitest.config.js', '--project', 'integration', '--bail', '1'];
  const child = spawn(process.execPath, [vitest, ...args, 'test/integration/conservation.test.ts'], {
    cwd: projectRoot,
    env: { ...process.env, TACIT_TEST_BUILD: build, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)));
  const code = await new Promise<number | null>((resolve) => child.once('close', (status) => resolve(status)));
  return { code, output };
}

test.concurrent('the law holds on a copy of the build as it is', async () => {
  const { build, remove } = mutateBuild(undefined);
  try {
    const { code, output } = await runLaw(build);
    expect(code, output).toBe(0);
  } finally {
    remove();
  }
});

test.concurrent.each(MUTATIONS)('it is seen when $name', async (mutation) => {
  const { build, remove } = mutateBuild(mutation);
  try {
    const { code, output } = await runLaw(build);
    expect(code, output).toBe(1);
    // A service that does not even start proves nothing.
    expect(output).toContain('AssertionError');
  } finally {
    remove();
  }
});
