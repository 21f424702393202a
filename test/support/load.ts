// Starts a load in a process of its own and reads its ledger.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../shared/runtime/project-root.js';
import type { PlannedGeneration } from './load-plan.js';
import type { LoadOptions, LoadReport } from './load-process.js';

export interface RunningLoad {
  /** Lets every batch under way end, and answers what was sent. */
  stop(): Promise<LoadReport>;
  /** Resolves when it ended by itself. */
  readonly ended: Promise<LoadReport>;
  readonly pid: number;
}

export function startLoad(options: LoadOptions): RunningLoad {
  const file = path.join(projectRoot, 'dist', 'test', 'support', 'load-process.js');
  const child = fork(file, [JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = (async () => {
    const exit = once(child, 'exit') as Promise<[number | null]>;
    const report = await Promise.race([
      once(child, 'message') as Promise<[LoadReport]>,
      exit.then(([code]) => {
        throw new Error(`the load ended with ${code}`);
      }),
    ]);
    await exit;
    return report[0];
  })();
  ended.catch(() => undefined);
  return {
    ended,
    pid: child.pid ?? -1,
    stop: async () => {
      child.send('stop');
      return await ended;
    },
  };
}

export interface LedgerEntry {
  readonly generations: readonly PlannedGeneration[];
  state: 'sent' | 'acknowledged' | 'unknown';
}

/** Batches by their index. */
export function readLoadLedger(file: string): Map<number, LedgerEntry> {
  const entries = new Map<number, LedgerEntry>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    const entry = JSON.parse(line) as { index: number; state: LedgerEntry['state']; generations?: PlannedGeneration[] };
    const known = entries.get(entry.index);
    if (known !== undefined) known.state = entry.state;
    else entries.set(entry.index, { generations: entry.generations ?? [], state: entry.state });
  }
  return entries;
}

/** Ids of the events in every batch that was acknowledged. */
export function acknowledgedIds(entries: ReadonlyMap<number, LedgerEntry>): string[] {
  const acknowledged = [...entries.values()].filter(({ state }) => state === 'acknowledged');
  return acknowledged.flatMap(({ generations }) => generations.flatMap(({ eventIds }) => eventIds));
}
