// Stage: the roll-up and the pages over ninety days of a product with 100,000 persons. In: how many generations. Out: generations a second
// and seconds a window beside their floors; milliseconds a page by a real reporter, and the most rows that a statement of it reads.
import { startTestClickHouse } from '../support/clickhouse.js';
import { loadPages, type PageAsked } from './page-loads.js';
import { pagesReport } from './pages-report.js';
import { PROMPTS } from './product-data.js';
import { makeHistory, type History } from './product-history.js';
import { measureDays, measureWindow, WINDOWS, type Measured } from './product-rollup.js';
import { dayName, fillProduct } from './product-tables.js';
import type { StageReport } from './report.js';

const DAY_MS = 86_400_000;
/** A day is compared with one pass over its outcomes so many times. */
const FLOOR_DAYS = 3;

export async function benchPages(short: boolean, asked?: number): Promise<StageReport> {
  const generations = asked ?? (short ? 300_000 : 1_000_000);
  const [rounds, repetitions] = short ? [5, 1] : [30, 3];
  const clickhouse = await startTestClickHouse();
  try {
    const filled = await fillProduct(clickhouse, generations);
    const projects = filled.products.map(({ project }) => project);
    say(`${filled.events.rows} events stored`);
    const days = await measureDays(clickhouse, filled.days, FLOOR_DAYS);
    say('days rolled up');
    const windows = new Map<number, Measured>();
    for (const days of WINDOWS) windows.set(days, await measureWindow(clickhouse, days, projects, repetitions));
    say('windows computed');
    const history = await makeHistory(clickhouse, filled.products);
    say('history made');
    const loads = await loadPages(clickhouse, projects, pagesOf(history), rounds);
    return await pagesReport(clickhouse, { filled, days, windows, history, loads });
  } finally {
    await clickhouse.stop();
  }
}

function say(what: string): void {
  process.stderr.write(`  ${what}\n`);
}

/** Every page and interface with figures; each round asks for another prompt and period. */
export function pagesOf({ comparisons, slot }: History): PageAsked[] {
  const period = (round: number) => ['7d', '28d', '90d'][round % 3] ?? '';
  const prompt = (round: number) => `prompt-${round % PROMPTS}`;
  /** Sixty days and more, up to nearly all that there are, ending on different days. */
  const dates = (round: number) => {
    const to = Date.now() - (round % 4) * DAY_MS;
    return `from=${dayName(to - (60 + ((round * 7) % 25)) * DAY_MS)}&to=${dayName(to)}`;
  };
  const page = (name: string, kind: PageAsked['kind'], path: PageAsked['path']): PageAsked => ({ name, kind, path });
  return [
    page('overview', 'window', (project, round) => `/?project=${project}&period=${period(round)}`),
    page(
      'prompt',
      'window',
      (project, round) => `/prompt?project=${project}&prompt=${prompt(round)}&period=${period(round)}`,
    ),
    page('comparisons', 'window', (project) => `/comparison?project=${project}`),
    page(
      'a comparison',
      'window',
      (project, round) => `/comparison?project=${project}&id=${comparisons[round % comparisons.length] ?? ''}`,
    ),
    page('data quality', 'window', (project, round) => `/quality?project=${project}&period=${period(round)}`),
    page('archive', 'window', (project) => `/reports?project=${project}`),
    page('a report', 'window', (project) => `/reports/${project}/weekly/${slot}.html`),
    page('/api/rates', 'custom', (project, round) => `/api/rates?project=${project}&period=${period(round)}`),
    page('overview, own dates', 'custom', (project, round) => `/?project=${project}&${dates(round)}`),
    page(
      'prompt, own dates',
      'custom',
      (project, round) => `/prompt?project=${project}&prompt=${prompt(round)}&${dates(round)}`,
    ),
  ];
}
