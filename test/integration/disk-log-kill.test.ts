// The disk log under SIGKILL: writer, reader and ledger are three processes; the first two are killed again and again.
// Whatever was acknowledged is read, every position is counted once, and nothing is taken for damage.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readCursor } from '../../shared/runtime/disk-log/cursor.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { segmentFiles, withLogFolder } from '../support/disk-log.js';
import { chooseSeed, seededRandom } from '../support/random.js';

const KILLS = 16;
/** A process lives this long after its start before it is killed; starting takes about 200 ms of it. */
const LIFE_MS = { min: 150, max: 700 };

/** What was acknowledged to whom, kept outside the processes that are killed. */
class Ledger {
  readonly acknowledged: string[] = [];

  /** Only a line that came whole counts. */
  listen(life: number, child: ChildProcess): void {
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [first = NaN, ids = NaN] = line.split(' ').map(Number);
        for (let i = 0; i < ids; i += 1) this.acknowledged.push(`${life}.${first + i}`);
      }
    });
  }
}

function start(script: string, ...args: string[]): ChildProcess {
  const file = path.join(projectRoot, 'dist', 'test', 'support', script);
  return spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Resolves with how it ended; rejects when it ended in a way that was not asked for. */
async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => (errors += text.toString()));
  const end = await new Promise((resolve) => child.once('close', (code, by) => resolve(by ?? code)));
  const asked = signal === 'SIGKILL' ? 'SIGKILL' : 0;
  if (end !== asked) throw new Error(`ended with ${String(end)} instead of ${String(asked)}: ${errors}`);
}

interface Results {
  readonly ids: Set<string>;
  /** Rows at each position; one that was delivered again must be the same. */
  readonly positions: Map<string, string[]>;
  readonly damaged: string[];
}

async function readResults(file: string): Promise<Results> {
  const results: Results = { ids: new Set(), positions: new Map(), damaged: [] };
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    let item: { position: string; ids?: string[] };
    try {
      item = JSON.parse(line) as typeof item;
    } catch {
      // Empty, or cut by a kill; then its batch was not committed and comes again.
      continue;
    }
    if (item.ids === undefined) results.damaged.push(line);
    const before = results.positions.get(item.position);
    if (before !== undefined) expect(item.ids).toEqual(before);
    results.positions.set(item.position, item.ids ?? []);
    for (const id of item.ids ?? []) results.ids.add(id);
  }
  return results;
}

test(`a writer and a reader that are killed ${KILLS} times each lose nothing and count nothing twice`, async () => {
  const seed = chooseSeed(process.env['TACIT_TEST_SEED']);
  process.stdout.write(`disk log kills: seed ${seed}\n`);
  const random = seededRandom(seed);
  await withLogFolder(async (folder) => {
    const directory = path.join(folder, 'log');
    const results = path.join(folder, 'results');
    const ledger = new Ledger();
    const lifeMs = () => LIFE_MS.min + random.next() * (LIFE_MS.max - LIFE_MS.min);
    const startWriter = (life: number) => {
      const child = start('disk-log-append.js', directory, String(life));
      ledger.listen(life, child);
      return child;
    };
    const live = async (child: ChildProcess, ms: number, signal: NodeJS.Signals) => {
      const end = ended(child, signal);
      await new Promise((resolve) => setTimeout(resolve, ms));
      child.kill(signal);
      await end;
    };
    const writers = async () => {
      for (let life = 1; life <= KILLS; life += 1) await live(startWriter(life), lifeMs(), 'SIGKILL');
      await live(startWriter(KILLS + 1), LIFE_MS.max, 'SIGTERM');
    };
    const readers = async () => {
      for (let kill = 0; kill < KILLS; kill += 1)
        await live(start('disk-log-consume.js', directory, results), lifeMs(), 'SIGKILL');
    };
    await Promise.all([writers(), readers()]);
    await live(start('disk-log-consume.js', directory, results), LIFE_MS.max, 'SIGTERM');

    const { ids, positions, damaged } = await readResults(results);
    const lost = ledger.acknowledged.filter((id) => !ids.has(id));
    const rows = [...positions.values()].reduce((sum, one) => sum + one.length, 0);
    const totals = (await readCursor(directory))?.totals;
    process.stdout.write(`disk log kills: ${ledger.acknowledged.length} acknowledged, ${lost.length} lost\n`);
    expect(lost.slice(0, 10)).toEqual([]);
    expect(damaged).toEqual([]);
    expect(rows).toBe(ids.size);
    expect(totals).toEqual({ stored: rows, dead: 0 });
    expect(ledger.acknowledged.length).toBeGreaterThan(1000);
    // All that was consumed is deleted, but for the segment that the cursor stands in.
    expect(await segmentFiles(directory)).toHaveLength(1);
  });
});
