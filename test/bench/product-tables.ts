// Fills a server with the traffic of one large product and three small ones. In: how many generations. Out: stored events of all days,
// or of the last two with the days before them written as the roll-up would have; how long the events took.
// Events of 50 million generations would take half an hour to insert, and the roll-up reads each day of them by itself anyway.
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import type { TestClickHouse } from '../support/clickhouse.js';
import {
  EVENTS_PER_GENERATION,
  eventsSql,
  GENERATIONS_PER_SESSION,
  ratesSql,
  sessionAt,
  sessionsOf,
  signalDaysSql,
  userDaysSql,
  type Product,
} from './product-data.js';
import { quiet } from './quiet.js';

const DAY_MS = 86_400_000;
export const DAYS = 90;
/** Above this, only the last two days have events. */
export const EVENTS_GENERATIONS_MAX = 12_000_000;
const EVENT_SESSIONS = 25_000;
const DAY_SESSIONS = 200_000;
const SMALL_PROJECTS = 3;
const PERSONS = 100_000;

export interface FilledProduct {
  /** The large one first. */
  readonly products: readonly Product[];
  /** UTC days that have events, oldest first; the roll-up has yet to compute them. */
  readonly days: readonly string[];
  readonly events: { readonly rows: number; readonly seconds: number };
}

export function productsOf(generations: number, now: number): Product[] {
  const begin = Math.floor(now / DAY_MS) * DAY_MS - (DAYS - 1) * DAY_MS;
  const end = now - 120_000;
  return Array.from({ length: 1 + SMALL_PROJECTS }, (_, i) => ({
    project: i === 0 ? 'shop' : `small-${i}`,
    generations: i === 0 ? generations : Math.max(1_000, Math.floor(generations / 200)),
    persons: i === 0 ? PERSONS : 500,
    begin,
    end,
  }));
}

export async function fillProduct(clickhouse: TestClickHouse, generations: number): Promise<FilledProduct> {
  const now = Date.now();
  const products = productsOf(generations, now);
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const eventsFrom = generations > EVENTS_GENERATIONS_MAX ? today - DAY_MS : today - (DAYS - 1) * DAY_MS;
  for (const product of products) await writeDays(clickhouse, product, eventsFrom);
  const startedAt = performance.now();
  let rows = 0;
  for (const product of products) {
    const last = sessionsOf(product);
    for (let first = sessionAt(product, eventsFrom); first < last; first += EVENT_SESSIONS) {
      const count = Math.min(EVENT_SESSIONS, last - first);
      await clickhouse.migrator.command(eventsSql(product, first, count));
      rows += count * GENERATIONS_PER_SESSION * EVENTS_PER_GENERATION;
    }
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await quiet(clickhouse.migrator);
  const days: string[] = [];
  for (let day = eventsFrom; day <= today; day += DAY_MS) days.push(dayName(day));
  return { products, days, events: { rows, seconds } };
}

/** What the roll-up would have made of the sessions before an instant; the ledger says so too. */
async function writeDays({ migrator }: TestClickHouse, product: Product, before: number): Promise<void> {
  const last = sessionAt(product, before);
  if (last === 0) return;
  const asOf = product.end;
  for (let first = 0; first < last; first += DAY_SESSIONS) {
    const count = Math.min(DAY_SESSIONS, last - first);
    for (const sql of [userDaysSql, ratesSql, signalDaysSql]) await migrator.command(sql(product, first, count, asOf));
  }
  const columns = await migrator.query<{ name: string }>(
    `SELECT name FROM system.columns WHERE database = 'tacit' AND table = 'rate_days' AND name NOT IN ('project_id', 'day')`,
  );
  for (let at = product.begin; at < before; at += DAY_MS) {
    const day = dayName(at);
    await writeRateDay(migrator, product.project, day, columns);
    await migrator.command(
      `INSERT INTO rollup_days (day, as_of, generations, duration_ms)
       SELECT {day:Date}, fromUnixTimestamp64Milli({as_of:Int64}, 'UTC'), {generations:UInt64}, 1000`,
      { day, as_of: asOf, generations: Math.round(product.generations / DAYS) },
    );
  }
}

async function writeRateDay(
  migrator: ClickHouse,
  project: string,
  day: string,
  columns: readonly { readonly name: string }[],
): Promise<void> {
  const names = columns.map(({ name }) => name).join(', ');
  for (const level of ['cell', 'version', 'prompt', 'project'])
    await migrator.command(
      `INSERT INTO rate_days (project_id, day, ${names}) SELECT project_id, {day:Date}, ${names}
       FROM rate_levels(project = {project:String}, from = {day:Date}, to = {day:Date} + 1, level = {level:String})`,
      { project, day, level },
    );
}

export function dayName(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
