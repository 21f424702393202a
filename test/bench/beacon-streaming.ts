// What the beacon costs a page in which 1,000 answers are streamed, and one that opens with 2,000. In: a browser. Out: CPU of the page,
// long tasks and memory, each with the beacon and, on the same page in the same browser, without.
import type { BenchBrowser, BenchPage } from './beacon-browser.js';
import { answers } from './beacon-browser.js';

const TEXT = 'Fourteen purple walruses juggle quietly behind the observatory each Wednesday evening.';
const STREAMED = 1000;
const OPENED = 2000;

/** One side's figures of one turn. */
export interface Side {
  readonly taskSeconds: number;
  readonly scriptSeconds: number;
  readonly longTasks: number[];
  readonly heldBytes: number;
}

export interface Pair {
  readonly with: Side;
  readonly without: Side;
}

/** Runs in the page: 50 updates a second in turn over all answers, and 50 a second in each of the first five. */
function stream(): void {
  const all = [...document.querySelectorAll('article p')];
  document.addEventListener('click', ({ target }) => {
    const article = (target as Element).closest('article');
    if (article) void navigator.clipboard.writeText(article.querySelector('p')?.textContent ?? '');
  });
  let n = 0;
  setInterval(() => {
    for (const paragraph of [...all.slice(0, 5), all[n++ % all.length]]) paragraph?.append(' token');
  }, 20);
}

/** What people do meanwhile: copies by keyboard and by a button that says nothing of itself. */
async function act({ page }: BenchPage): Promise<void> {
  await page.evaluate(() => getSelection()?.selectAllChildren(document.querySelectorAll('article p')[1] as Element));
  await page.keyboard.press('Control+c');
  await page.locator('article button').nth(2).click();
}

async function streamedFor(opened: BenchPage, seconds: number): Promise<Side> {
  await opened.page.evaluate(stream);
  const before = await opened.metrics();
  const early = (await opened.longTasks()).length;
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    await act(opened);
    await opened.page.waitForTimeout(Math.max(Math.min(5000, until - performance.now()), 0));
  }
  const after = await opened.metrics();
  return {
    taskSeconds: after.taskSeconds - before.taskSeconds,
    scriptSeconds: after.scriptSeconds - before.scriptSeconds,
    longTasks: (await opened.longTasks()).slice(early),
    heldBytes: await opened.heldBytes(),
  };
}

async function justOpened(opened: BenchPage): Promise<Side> {
  // events wait a second for company: until they are posted, and answered
  await opened.page.waitForTimeout(2500);
  const { taskSeconds, scriptSeconds } = await opened.metrics();
  const longTasks = await opened.longTasks();
  return { taskSeconds, scriptSeconds, longTasks, heldBytes: await opened.heldBytes() };
}

/** Both sides take turns; the order changes each time. */
async function pairs(
  browser: BenchBrowser,
  html: string,
  repetitions: number,
  measure: (opened: BenchPage) => Promise<Side>,
): Promise<Pair[]> {
  const side = async (beacon: boolean): Promise<Side> => {
    const opened = await browser.open(html, beacon);
    try {
      return await measure(opened);
    } finally {
      await opened.close();
    }
  };
  const measured: Pair[] = [];
  for (let n = 0; n < repetitions; n++) {
    const first = await side(n % 2 === 0);
    const second = await side(n % 2 !== 0);
    measured.push(n % 2 === 0 ? { with: first, without: second } : { with: second, without: first });
  }
  return measured;
}

export async function streaming(browser: BenchBrowser, short: boolean): Promise<Pair[]> {
  const seconds = short ? 5 : 30;
  const html = answers(STREAMED, TEXT);
  return await pairs(browser, html, short ? 1 : 3, async (opened) => await streamedFor(opened, seconds));
}

export async function opening(browser: BenchBrowser, short: boolean): Promise<Pair[]> {
  return await pairs(browser, answers(OPENED, TEXT), short ? 2 : 5, justOpened);
}

/** CPU of the longest task that ran the beacon, ms, on each of several pages that stream, and that open. */
export async function longestTasks(
  browser: BenchBrowser,
  short: boolean,
): Promise<{ readonly streaming: number[]; readonly opening: number[] }> {
  const longest = { streaming: [] as number[], opening: [] as number[] };
  for (let n = 0; n < (short ? 1 : 3); n++) {
    const streamed = await browser.traced(answers(STREAMED, TEXT), async (opened) => {
      await streamedFor(opened, short ? 5 : 10);
    });
    const opened = await browser.traced(answers(OPENED, TEXT), async (page) => void (await justOpened(page)));
    longest.streaming.push(Math.max(...streamed));
    longest.opening.push(Math.max(...opened));
  }
  return longest;
}
