// What the stage `pages` hands back. In: everything that was measured. Out: ratios, figures and notes. Names the statement that reads
// most and the one that takes longest, page by page, so that a page over its bound can be mended.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { TestClickHouse } from '../support/clickhouse.js';
import { peakMemoryBytes, quantile } from './measure.js';
import type { Loads, PageTimes } from './page-loads.js';
import { GENERATIONS_PER_SESSION, PROMPTS, sessionsOf } from './product-data.js';
import type { History } from './product-history.js';
import type { Measured } from './product-rollup.js';
import { EVENTS_GENERATIONS_MAX, type FilledProduct } from './product-tables.js';
import { most } from './query-costs.js';
import { figure, ratio, type Figure, type Ratio, type StageReport } from './report.js';

/** What a page may cost. */
const ROWS_MAX = 1_000_000;
const WINDOW_MS_MAX = 300;
const CUSTOM_MS_MAX = 3_000;
const NEVER_READ = ['tacit.generations', 'tacit.outcomes_at'];

/** What a run has measured. */
export interface Everything {
  readonly filled: FilledProduct;
  readonly days: Measured;
  readonly windows: ReadonlyMap<number, Measured>;
  readonly history: History;
  readonly loads: Loads;
}

export async function pagesReport(clickhouse: TestClickHouse, everything: Everything): Promise<StageReport> {
  const { loads } = everything;
  const pages = loads.pages.map(pageLines);
  return {
    stage: 'pages',
    floor:
      'of a day, one SELECT outcome, count() over it; of a window, rate_intervals of the same days, which is one of its four levels; of a page, a server that answers as many bytes after SELECT 1',
    ratios: [...rollUpRatios(everything), ...pages.map(({ ratio }) => ratio)],
    figures: [...rollUpFigures(everything), ...pages.flatMap(({ figures }) => figures)],
    notes: [...loads.failed, ...(await factNotes(clickhouse, everything)), ...loads.pages.flatMap(pageNotes)],
  };
}

function rollUpRatios({ days, windows }: Everything): Ratio[] {
  const newest = days.used.slice(-days.floor.length);
  const cpu = ({ cpuSeconds }: { readonly cpuSeconds: number }) => cpuSeconds;
  return [
    ratio('CPU of a day', newest.map(cpu), days.floor.map(cpu)),
    ...[...windows].map(([length, { used, floor }]) => ratio(`CPU of ${length} days`, used.map(cpu), floor.map(cpu))),
  ];
}

function rollUpFigures({ days, windows }: Everything): Figure[] {
  // the last day is not over yet, and a small one says little
  const whole = days.generations
    .map((n, i) => [n, days.used[i]] as const)
    .filter(([n]) => n > most(days.generations, (x) => x) / 2);
  const rate = whole.flatMap(([n, used]) => (used === undefined ? [] : [n / used.seconds]));
  const cpu = whole.flatMap(([n, used]) => (used === undefined ? [] : [(used.cpuSeconds * 1e6) / n]));
  return [
    figure('a day: generations a second', '1/s', rate),
    figure('a day: CPU per generation, ClickHouse', 'us', cpu),
    figure('days: peak memory of a statement', 'MB', [days.memoryBytes / 1e6], [days.floorMemoryBytes / 1e6]),
    ...[...windows].flatMap(([length, { used, floor, memoryBytes, floorMemoryBytes }]) => [
      figure(
        `window of ${length} days`,
        's',
        used.map(({ seconds }) => seconds),
        floor.map(({ seconds }) => seconds),
      ),
      figure(`window of ${length} days: peak memory`, 'MB', [memoryBytes / 1e6], [floorMemoryBytes / 1e6]),
    ]),
  ];
}

const p95 = (values: readonly number[]) =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.95,
  );

function pageLines({ page, first, again, floor, costs }: PageTimes): { ratio: Ratio; figures: Figure[] } {
  const { name, kind } = page;
  const bound = { atMost: kind === 'custom' ? CUSTOM_MS_MAX : WINDOW_MS_MAX };
  const rows = [most(costs, (cost) => cost.rows)];
  const read = costs.filter(({ tables }) => tables.some((table) => NEVER_READ.includes(table))).length;
  return {
    ratio: ratio(`${name}, first load`, first, floor),
    figures: [
      figure(`${name}: first load`, 'ms', first, floor),
      figure(`${name}: first load, 95th percentile`, 'ms', [p95(first)], [p95(floor)], bound),
      figure(`${name}: again, 95th percentile`, 'ms', [p95(again)]),
      figure(
        `${name}: most rows of a statement`,
        'rows',
        rows,
        undefined,
        kind === 'custom' ? undefined : { atMost: ROWS_MAX },
      ),
      figure(`${name}: most memory of a statement`, 'MB', [most(costs, (cost) => cost.memoryBytes) / 1e6]),
      figure(`${name}: statements that read generations`, '', [read], undefined, { atMost: 0 }),
    ],
  };
}

/** Which statement it was, where a page reads most rows or takes longest. */
function pageNotes({ page, first, bytes, costs }: PageTimes): string[] {
  const greatest = costs.toSorted((a, b) => b.rows - a.rows)[0];
  const slowest = costs.toSorted((a, b) => b.ms - a.ms)[0];
  const tables = [...new Set(costs.flatMap((cost) => cost.tables))].map((table) => table.replace('tacit.', '')).sort();
  const words = (query = '') => query.replaceAll(/\s+/g, ' ').slice(0, 160);
  return [
    `${page.name}: ${(bytes / 1024).toFixed(0)} KB, ${(costs.length / first.length).toFixed(1)} statements a load; reads ${tables.join(', ')}`,
    `  most rows, ${greatest?.rows ?? 0}: ${words(greatest?.query)}`,
    `  slowest, ${slowest?.ms ?? 0} ms: ${words(slowest?.query)}`,
  ];
}

async function factNotes(clickhouse: TestClickHouse, { filled, days, history, loads }: Everything): Promise<string[]> {
  const { products, events } = filled;
  const [large] = products;
  const rows = await clickhouse.migrator.query<{ name: string; n: string }>(
    `SELECT name, total_rows AS n FROM system.tables WHERE database = 'tacit' AND total_rows > 0
       AND name IN ('events', 'user_days', 'rates', 'rate_days', 'rate_windows', 'signal_days') ORDER BY name`,
  );
  const all = days.used.reduce((sum, { seconds }) => sum + seconds, 0);
  const done = days.generations.reduce((sum, n) => sum + n, 0);
  const isWhole = (large?.generations ?? 0) <= EVENTS_GENERATIONS_MAX;
  return [
    `${large?.generations} generations of ${large?.persons} persons over 90 days, ${PROMPTS} prompts x 3 versions x 2 models, ` +
      `in ${large === undefined ? 0 : sessionsOf(large)} sessions of ${GENERATIONS_PER_SESSION}; and three small projects`,
    isWhole
      ? 'every day has its events and was rolled up'
      : `only the last ${filled.days.length} days have events and were rolled up; the days before were written to user_days, rates, rate_days and signal_days by SQL`,
    `${filled.days.length} days rolled up: ${done} generations in ${all.toFixed(1)} s, ${Math.round(done / all)} a second`,
    `${events.rows} events inserted in ${events.seconds.toFixed(0)} s, ${Math.round(events.rows / events.seconds)} a second`,
    `rows: ${rows.map(({ name, n }) => `${name} ${n}`).join(', ')}; ${megabytes(clickhouse.directory)} MB on disk`,
    `a look at all comparisons took ${history.looksSeconds.toFixed(1)} s, the drift watch ${history.driftSeconds.toFixed(1)} s, a weekly report ${history.reportSeconds.toFixed(1)} s; ${history.comparisons.length} comparisons`,
    `at most ${Math.round(peakMemoryBytes(clickhouse.pid()) / 1e6)} MB held by ClickHouse in all, ${Math.round(loads.reporterPeakBytes / 1e6)} MB by a reporter; ${loads.reporterCpuMs.toFixed(0)} ms CPU of the reporter for a first load`,
  ];
}

function megabytes(directory: string): number {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce(
    (sum, file) => sum + (statSync(path.join(file.parentPath, file.name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  return Math.round(bytes / 1e6);
}
