// Rolled-up figures of a product with a history: persons by day, and what the roll-up keeps of them (days, windows, signals), computed
// by the view that it uses itself. In: a server, a project. Out: rows. Must give the same rows for the same seed and day.
import type { TestClickHouse } from './clickhouse.js';
import { hourRates } from './hour-rates.js';
import { ndjson } from './random-events.js';
import { seededRandom, type Random } from './random.js';

const DAY_MS = 86_400_000;

export interface FigureDataOptions {
  readonly project?: string;
  readonly prompts: readonly string[];
  /** Days up to and including `lastDay`. */
  readonly days: number;
  /** YYYY-MM-DD, UTC. */
  readonly lastDay: string;
  readonly persons?: number;
  readonly metricVersion?: string;
  /** Day on which version 8 takes the place of 7 for half of the people, counted from the end. */
  readonly deployedAgo?: number;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** Fills `user_days` and `rates`, and from them `rate_days`, `rate_windows` and, alike, `signal_days`. */
export async function insertFigures(server: TestClickHouse, options: FigureDataOptions): Promise<void> {
  const { project = 'demo', days, lastDay } = options;
  const random = seededRandom(11);
  const all = Array.from({ length: days }, (_, ago) => dayOf(Date.parse(lastDay) - ago * DAY_MS));
  const rows = all.flatMap((day, ago) => personsOf(day, ago, options, random));
  await server.reporter.insertBlock('user_days', [ndjson(rows)]);
  await server.reporter.insertBlock('rates', [ndjson(hourRates(rows))]);
  await server.reporter.insertBlock('signal_days', [ndjson(all.flatMap((day) => signalsOf(day, options, random)))]);
  for (const day of all) await insertLevels(server, 'rate_days', project, { day }, day, next(day));
  for (const window of [7, 28, 90]) {
    const [from, to] = [dayOf(Date.parse(lastDay) - (window - 1) * DAY_MS), next(lastDay)];
    const keys = { window_days: window, from_day: from, to_day: to };
    await insertLevels(server, 'rate_windows', project, keys, from, to);
    await server.reporter.insertBlock('rollup_windows', [
      ndjson([{ window_days: window, to_day: to, as_of: Date.now(), duration_ms: 1 }]),
    ]);
  }
}

function next(day: string): string {
  return dayOf(Date.parse(day) + DAY_MS);
}

function personsOf(
  day: string,
  ago: number,
  { project = 'demo', prompts, persons = 40, metricVersion = 'm-1', deployedAgo = 5 }: FigureDataOptions,
  random: Random,
): Record<string, unknown>[] {
  return prompts.flatMap((prompt_id, index) =>
    Array.from({ length: persons }, (_, person) => {
      const version = ago <= deployedAgo && random.chance(0.5) ? '8' : '7';
      const n = 1 + random.below(4);
      const rejected = random.below(n + 1) > index + 1 ? 1 : 0;
      const edited = random.chance(0.2) && n > rejected ? 1 : 0;
      const accepted = Math.min(n - rejected - edited, random.below(3));
      return {
        project_id: project,
        day,
        prompt_id,
        prompt_version: version,
        model: 'aurora',
        model_version: random.pick(['2026-08', '2026-10']),
        surface: 'web',
        trusted: 1,
        metric_version: metricVersion,
        user_kind: person % 10 === 0 ? 'session' : 'user',
        user_key: String(1000 * index + person),
        ...{ not_shown: random.below(2), orphan: 0, shown: n, rejected, edited, accepted },
        ...{ mature: n, mature_rejected: rejected, mature_edited: edited, mature_accepted: accepted },
        mature_similarity_sum: accepted + 0.7 * edited,
        as_of: `${next(day)} 03:00:00.000`,
      };
    }),
  );
}

const BUCKETS: Readonly<Record<string, readonly string[]>> = {
  reject_reason: ['regenerated', 'dismissed', 'none'],
  ignore_reason: ['left', 'superseded', 'none'],
  edit_size: ['0.3', '0.5', '0.7', '0.9'],
  decide_time: ['2', '5', '10', '30', '60', '300', 'more'],
  retention: ['30s', '2m', '5m', '10m'],
  rating: ['up', 'down', '=cmd'],
  take_method: ['button', 'keyboard'],
};

function signalsOf(
  day: string,
  { project = 'demo', prompts, metricVersion = 'm-1' }: FigureDataOptions,
  random: Random,
): Record<string, unknown>[] {
  return prompts.flatMap((prompt_id) =>
    Object.entries(BUCKETS).flatMap(([signal, buckets]) =>
      buckets.map((bucket) => {
        const generations = 1 + random.below(9);
        return {
          ...{ project_id: project, day, prompt_id, prompt_version: '7', model: 'aurora', model_version: '2026-10' },
          ...{ surface: 'web', trusted: 1, metric_version: metricVersion, signal, bucket, generations },
          retained: signal === 'retention' ? Math.floor(generations / 2) : 0,
          value_sum: 0.6 * generations,
          as_of: `${next(day)} 03:00:00.000`,
        };
      }),
    ),
  );
}

/** All levels of a span of days, as the view has them. */
async function insertLevels(
  { migrator, database }: TestClickHouse,
  table: string,
  project: string,
  keys: Readonly<Record<string, string | number>>,
  from: string,
  to: string,
): Promise<void> {
  const named = ['project_id', 'level', ...Object.keys(keys)];
  const columns = await migrator.query<{ name: string }>(
    `SELECT name FROM system.columns WHERE database = {database:String} AND table = {table:String} ORDER BY position`,
    { database, table },
  );
  const others = columns.map(({ name }) => name).filter((name) => !named.includes(name));
  const values = Object.values(keys).map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  const selects = ['cell', 'version', 'prompt', 'project'].map(
    (level) => `SELECT {project:String}, '${level}', ${[...values, ...others].join(', ')}
      FROM rate_levels(project = {project:String}, from = {from:Date}, to = {to:Date}, level = '${level}')`,
  );
  for (const select of selects)
    await migrator.command(`INSERT INTO ${table} (${[...named, ...others].join(', ')}) ${select}`, {
      project,
      from,
      to,
    });
}
