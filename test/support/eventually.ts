// Waits until something is so. In: a question that is asked again and again. Out: its first true answer, or a failure that shows the last one.
import { sleep } from '../../shared/runtime/retry.js';

const POLL_MS = 50;

/** Asks until `holds` says yes. Throws after `timeoutMs` with the last answer. */
export async function eventually<T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  timeoutMs = 30_000,
): Promise<T> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (performance.now() > until) throw new Error(`not so within ${timeoutMs} ms: ${JSON.stringify(answer)}`);
    await sleep(POLL_MS);
  }
}

/** Asks again while asking fails, as a cluster that elects a leader lets it. Throws after `timeoutMs` with the last failure. */
export async function eventuallyAnswered<T>(ask: () => Promise<T>, timeoutMs = 30_000): Promise<T> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(POLL_MS);
    }
  }
}
