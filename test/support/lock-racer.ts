// Takes and gives up a process lock several times; the last time it dies with the lock in its hand.
// In: lock file, rounds. Out: exit code 3 when it ever met another holder inside, else death by SIGKILL.
import { open, rm } from 'node:fs/promises';
import { acquireProcessLock } from '../../shared/runtime/process-lock.js';

const [file = '', rounds = '1'] = process.argv.slice(2);
const marker = `${file}-inside`;
for (let round = 1; ; round += 1) {
  const lock = await acquireProcessLock(file, { waitMs: 30_000 });
  try {
    await (await open(marker, 'wx')).close();
  } catch {
    process.exit(3);
  }
  await new Promise((resolve) => setTimeout(resolve, 2));
  await rm(marker);
  if (round === Number(rounds)) process.kill(process.pid, 'SIGKILL');
  await lock.release();
}
