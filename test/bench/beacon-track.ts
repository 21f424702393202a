// What one recorded event costs the page that makes it, with the persisted queue. In: a browser. Out: microseconds per event, of the
// call alone and with what the same task does for it, beside the least that keeping an event can cost.
import type { BenchBrowser } from './beacon-browser.js';

/** Calls of one task; the clock of a page is too coarse for a single one. */
const PER_TASK = 50;

export interface TrackCost {
  /** The call alone, and with the transaction that the task's events share. */
  readonly callUs: number[];
  readonly taskUs: number[];
  /** The same object pushed to an array; put into IndexedDB and nothing else. */
  readonly pushUs: number[];
  readonly putUs: number[];
}

interface Order {
  readonly repetitions: number;
  readonly tasks: number;
  readonly perTask: number;
}

/** Runs in the page: product and floors take turns. The first turn warms up. */
async function measure({ repetitions, tasks, perTask }: Order): Promise<TrackCost> {
  interface Tacit {
    generation(id: string): string;
    copy(id: string, fields: object): void;
  }
  const { tacit } = window as unknown as { tacit: Tacit };
  const row = () => ({
    id: `${Math.random()}${Math.random()}`,
    event: { t: Date.now(), g: 'g0', type: 'copy', chars: 40, of: 86, method: 'keyboard' },
    envelope: { endpoint: 'https://collector.example', key: 'pk_bench001', consent: 'granted', surface: 'web' },
  });
  const opening = indexedDB.open('bench');
  opening.onupgradeneeded = () => opening.result.createObjectStore('bench', { keyPath: 'id' });
  await new Promise((resolve) => (opening.onsuccess = resolve));
  const rows: object[] = [];
  const rest = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 5));

  const turn = async (work: () => void): Promise<[number, number]> => {
    let [calls, whole] = [0, 0];
    for (let task = 0; task < tasks; task++) {
      const started = performance.now();
      work();
      calls += performance.now() - started;
      // the task's microtasks, in which its events are put
      for (let i = 0; i < 20; i++) await Promise.resolve();
      whole += performance.now() - started;
      await rest();
    }
    return [(calls * 1000) / (tasks * perTask), (whole * 1000) / (tasks * perTask)];
  };
  const product = (): void => {
    for (let i = 0; i < perTask; i++) tacit.copy(`g${i}`, { chars: 40, of: 86, method: 'keyboard' });
  };
  const push = (): void => {
    for (let i = 0; i < perTask; i++) rows.push(structuredClone(row()));
  };
  const put = (): void => {
    const store = opening.result.transaction('bench', 'readwrite', { durability: 'relaxed' }).objectStore('bench');
    for (let i = 0; i < perTask; i++) store.put(row());
  };
  const cost: TrackCost = { callUs: [], taskUs: [], pushUs: [], putUs: [] };
  for (let n = 0; n <= repetitions; n++) {
    const [callUs, taskUs] = await turn(product);
    const [pushUs] = await turn(push);
    const [putUs] = await turn(put);
    if (n === 0) continue;
    cost.callUs.push(callUs);
    cost.taskUs.push(taskUs);
    cost.pushUs.push(pushUs);
    cost.putUs.push(putUs);
  }
  opening.result.close();
  return cost;
}

export async function trackCost(browser: BenchBrowser, short: boolean): Promise<TrackCost> {
  const opened = await browser.open('', true);
  try {
    return await opened.page.evaluate(measure, { repetitions: short ? 3 : 9, tasks: 20, perTask: PER_TASK });
  } finally {
    await opened.close();
  }
}
