// Keeps a lease while something takes longer than it holds. In: a lease, work. Out: what the work gave, and whether the lease was
// ours to the end. What is done after it must ask the lease again.
import type { TableLease } from '../../../infra/clickhouse/table-lease.js';

export async function whileHeld<T>(lease: TableLease, leaseMs: number, work: () => Promise<T>): Promise<T> {
  let renewing: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    // one that cannot be renewed shows at the next question
    renewing = renewing.then(async () => await lease.renew()).catch(() => undefined);
  }, leaseMs / 4);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await renewing;
  }
}
