// Attempts to make reports, each with a row before it and a row behind it. In: a report that is due, a lease. Out: rows.
// An attempt of which only the first row is there took its process with it. So one that ends in a process that lives must never
// stay without a second row, also when ClickHouse does not take it at once.
import type { TableLease } from '../../../infra/clickhouse/table-lease.js';
import type { RunRow } from './ledger-rows.js';
import type { Render } from './plan.js';
import { notMadeRow, renderRun } from './render-run.js';
import type { RunnerDependencies } from './runner-dependencies.js';

/** `waits`: for the roll-up; nothing began. `lost`: somebody else has the lease now. */
export type AttemptEnd = 'ended' | 'waits' | 'lost';

export interface RenderAttempts {
  /** Rejects when ClickHouse does not take the end. */
  attempt(render: Render, now: number, lease: TableLease): Promise<AttemptEnd>;
  /** Writes ends that ClickHouse did not take when they were known. */
  flush(): Promise<void>;
}

export function createRenderAttempts(
  dependencies: RunnerDependencies,
  { owner, leaseMs }: { readonly owner: string; readonly leaseMs: number },
  append: (rows: readonly RunRow[]) => Promise<void>,
): RenderAttempts {
  /** Of attempts of this process whose own end is not stored. */
  const unwritten = new Set<RunRow>();

  async function flush(): Promise<void> {
    const rows = [...unwritten];
    await append(rows);
    for (const row of rows) unwritten.delete(row);
  }

  return {
    flush,
    attempt: async (render, now, lease) => {
      const { project_id, report_id, slot, edition, target, attempt } = render;
      const row = { project_id, report_id, slot, edition, target, attempt, owner };
      const instead = notMadeRow(row, now, 'could not be stored', dependencies.pausesS);
      const begin = async () => {
        unwritten.add(instead);
        await append([{ ...row, status: 'sending', detail: '' }]);
      };
      const made = await renderRun(render, now, { lease, leaseMs, owner }, begin, dependencies);
      if (made === undefined) return 'waits';
      if (!(await lease.renew())) return 'lost';
      await append(made);
      unwritten.delete(instead);
      return 'ended';
    },
  };
}
