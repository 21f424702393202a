// How late the timers of a page are on a busy machine. In: a page. Out: the longest time by which a timer came late, ms.
import type { Page } from 'playwright-core';

const TICK_MS = 20;

type WithLag = Window & { lagMs?: number };

export async function watchLag(page: Page): Promise<void> {
  await page.evaluate((tickMs) => {
    const meter = window as unknown as WithLag;
    let last = performance.now();
    meter.lagMs = 0;
    setInterval(() => {
      const now = performance.now();
      meter.lagMs = Math.max(meter.lagMs ?? 0, now - last - tickMs);
      last = now;
    }, tickMs);
  }, TICK_MS);
}

/** The longest since `watchLag`. */
export async function lagMs(page: Page): Promise<number> {
  return await page.evaluate(() => (window as unknown as WithLag).lagMs ?? 0);
}

/** `1.2 0.8 ...`: milliseconds as seconds, in the order of the runs. */
export function inSeconds(times: readonly number[]): string {
  return times.map((ms) => (ms / 1000).toFixed(2)).join(' ');
}
