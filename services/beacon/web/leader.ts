// One tab posts for all: by a Web Lock, or by a lease where there are no Web Locks (plain http). Two at once would do no
// harm, ids make a repeated event one; so the lease may be simple.

/** A lease outlives the slowest request, and a dead tab's is free again after this. */
export const LEASE_MS = 40_000;

const NAME = 'tacit.sender';

/** Takes the lease for `ms` when it is free, run out or already `owner`'s. */
function lease(owner: string, ms: number): boolean {
  const [holder, until] = (localStorage.getItem(NAME) ?? '').split(' ');
  if (holder !== owner && Number(until) > Date.now()) return false;
  localStorage.setItem(NAME, `${owner} ${Date.now() + ms}`);
  return true;
}

/**
 * Runs `work` when no other tab is at it, and answers whether it ran. Leadership ends with `work` or when `left`
 * settles: a page in the back/forward cache must not keep it.
 */
export async function asLeader(owner: string, left: Promise<void>, work: () => Promise<void>): Promise<boolean> {
  const locks = (navigator as { locks?: LockManager }).locks;
  const lead = async (free: unknown): Promise<boolean> => {
    if (free) await Promise.race([work(), left]);
    return !!free;
  };
  if (locks) return await locks.request(NAME, { ifAvailable: true }, lead);
  return await lead(lease(owner, LEASE_MS)).finally(() => lease(owner, 0));
}
