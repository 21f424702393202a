// Runs the ledger's process and asks it for what it holds. In: where to post. Out: the ids that were acknowledged so far.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectRoot } from '../../shared/runtime/project-root.js';
import type { LedgerOrder, LedgerReport } from './ledger-process.js';

export interface Ledger {
  /** Posts so many batches and answers everything held since the start. */
  send(order: LedgerOrder): Promise<LedgerReport>;
  close(): Promise<void>;
}

export function startLedger(): Ledger {
  const child = fork(path.join(projectRoot, 'dist', 'test', 'support', 'ledger-process.js'), [], { execArgv: [] });
  return {
    send: async (order) => {
      const answer = once(child, 'message') as Promise<[LedgerReport]>;
      child.send(order);
      const [report] = await answer;
      if (report.failure !== undefined) throw new Error(report.failure);
      return report;
    },
    close: async () => {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
