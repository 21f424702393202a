// An exclusive lock between processes: a file that names its holder. It ends with its holder, however that one died.
// In: the file's path. Out: a lock to release. Must never be held by two living processes, as long as they see each other's
// pids: two containers must not share a lock.
//
// How a dead holder X is followed without a race: the taker creates `<file>.after.<nonce of X>` by link(2), which only one
// can; checks that the chain from the lock file still leads to itself; and renames it over the lock file. A taker that dies
// in between is a dead link of that chain and is followed in the same way. Nonces never come again, so a slow taker that
// acts on an old reading finds that the chain does not lead to it, and starts over.
import { randomUUID } from 'node:crypto';
import { link, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { StartError, errorCode } from './errors.js';
import { PREDECESSOR_WAIT_MS } from './listen.js';
import { currentProcess, isProcessAlive, type ProcessIdentity } from './process-identity.js';
import { sleep } from './retry.js';

/** What a lock file says. `since` is ms since the epoch; the nonce is one of this taking alone. */
export interface LockHolder extends ProcessIdentity {
  readonly nonce: string;
  readonly since: number;
}

export interface ProcessLock {
  readonly holder: LockHolder;
  /** Gives the lock up. May be called twice. */
  release(): Promise<void>;
}

const POLL_MS = 100;
/** A temporary file of a taker lives for milliseconds; one this old was left behind. */
const STALE_TEMPORARY_MS = 60_000;
/** Stands for a file whose content was lost with the power: nobody who wrote it can still run. */
const UNREADABLE: Omit<LockHolder, 'nonce'> = { bootId: '-', pid: 0, startTime: '', since: 0 };

/** Takes the lock, waiting up to `waitMs` for a holder that is going away. Throws StartError when that one stays, saying who it is. */
export async function acquireProcessLock(
  file: string,
  { waitMs = PREDECESSOR_WAIT_MS }: { waitMs?: number } = {},
): Promise<ProcessLock> {
  const me: LockHolder = { ...(await currentProcess()), nonce: randomUUID(), since: Date.now() };
  const until = performance.now() + waitMs;
  for (;;) {
    let other: LockHolder | undefined;
    try {
      other = await tryTake(file, me);
    } catch (error) {
      throw new StartError(`the lock ${file} cannot be taken: ${errorCode(error) ?? String(error)}`);
    }
    if (other === undefined) {
      await removeLeftovers(file).catch(() => undefined);
      return { holder: me, release: async () => await release(file, me) };
    }
    if (performance.now() >= until) {
      const since = new Date(other.since).toISOString();
      const who = other.pid === process.pid ? 'this process itself' : `process ${other.pid}`;
      throw new StartError(`the lock ${file} is held by ${who} since ${since}; stop it first`);
    }
    await sleep(Math.min(POLL_MS, until - performance.now()));
  }
}

/** The living process that holds the lock, or is just taking it over. */
export async function lockHolder(file: string): Promise<LockHolder | undefined> {
  const last = (await chain(file)).at(-1)?.holder;
  return last !== undefined && (await isProcessAlive(last)) ? last : undefined;
}

/** Answers undefined when the lock is mine now, else the living process that has it. */
async function tryTake(file: string, me: LockHolder): Promise<LockHolder | undefined> {
  for (;;) {
    const last = (await chain(file)).at(-1);
    if (last !== undefined && (await isProcessAlive(last.holder))) return last.holder;
    const mine = last === undefined ? file : `${file}.after.${last.holder.nonce}`;
    if (!(await createExclusively(mine, file, me)) || last === undefined) {
      if ((await chain(file))[0]?.holder.nonce === me.nonce) return undefined;
      continue;
    }
    if ((await chain(file)).at(-1)?.holder.nonce === me.nonce) {
      await rename(mine, file);
      return undefined;
    }
    await rm(mine, { force: true });
  }
}

/** The lock file and its successors in order; empty when the lock is free. */
async function chain(file: string): Promise<{ file: string; holder: LockHolder }[]> {
  const links: { file: string; holder: LockHolder }[] = [];
  for (let next = file; ;) {
    const holder = await readHolder(next, links.length);
    if (holder === undefined) return links;
    links.push({ file: next, holder });
    next = `${file}.after.${holder.nonce}`;
  }
}

async function readHolder(file: string, depth = 0): Promise<LockHolder | undefined> {
  const unreadable = { ...UNREADABLE, nonce: `unreadable-${depth}` };
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const parsed: unknown = JSON.parse(text);
    return isHolder(parsed) ? parsed : unreadable;
  } catch {
    return unreadable;
  }
}

function isHolder(value: unknown): value is LockHolder {
  const { bootId, pid, startTime, nonce, since } = (value ?? {}) as Partial<Record<keyof LockHolder, unknown>>;
  const texts = [bootId, startTime, nonce].every((text) => typeof text === 'string');
  return texts && Number.isInteger(pid) && Number.isFinite(since) && /^[0-9a-f-]{36}$/.test(String(nonce));
}

/** Creates `target` whole or not at all: the content is written beside it and linked. Answers false when it is there. */
async function createExclusively(target: string, file: string, me: LockHolder): Promise<boolean> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(me)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(temporary, target);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Only the holder may: then no link of a chain but the lock file itself has a meaning. */
async function removeLeftovers(file: string): Promise<void> {
  const folder = path.dirname(file);
  const name = path.basename(file);
  for (const entry of await readdir(folder)) {
    const full = path.join(folder, entry);
    if (entry.startsWith(`${name}.after.`)) await rm(full, { force: true });
    if (entry.startsWith(`${name}.`) && entry.endsWith('.tmp')) {
      const age = await stat(full).then(
        (s) => Date.now() - s.mtimeMs,
        () => 0,
      );
      if (age > STALE_TEMPORARY_MS) await rm(full, { force: true });
    }
  }
}

async function release(file: string, me: LockHolder): Promise<void> {
  if ((await readHolder(file))?.nonce === me.nonce) await rm(file, { force: true });
}
