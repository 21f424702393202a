// Waits until something is so. In: a question that is asked again and again. Out: its first true answer, or a failure that shows the last one.
import { sleep } from '../../shared/runtime/retry.js';

const POLL_MS_MIN = 50;
const POLL_MS_MAX = 250;
/** What is waited for longer is asked for less often: each question takes time from what is to answer it. */
const POLL_SHARE = 0.1;

function pollMs(since: number): number {
  return Math.min(POLL_MS_MAX, Math.max(POLL_MS_MIN, POLL_SHARE * (performance.now() - since)));
}

/** Asks until `holds` says yes. Throws after `timeoutMs` with the last answer. */
export async function eventually<T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  timeoutMs = 30_000,
): Promise<T> {
  const since = performance.now();
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (performance.now() - since > timeoutMs)
      throw new Error(`not so within ${timeoutMs} ms: ${JSON.stringify(answer)}`);
    await sleep(pollMs(since));
  }
}

/** Asks again while asking fails, as a cluster that elects a leader lets it. Throws after `timeoutMs` with the last failure. */
export async function eventuallyAnswered<T>(ask: () => Promise<T>, timeoutMs = 30_000): Promise<T> {
  const since = performance.now();
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() - since > timeoutMs) throw error;
      await sleep(pollMs(since));
    }
  }
}
