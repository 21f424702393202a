// Reads the rolled-up figures: one cell per prompt version, model version, surface, trust and metric version. In: a filter.
// Out: cells with rate and interval of mature generations, and outcomes so far. Reads `rates` and `user_days` alone, never the
// generations: what has not been rolled up is not shown.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';
import type { Filter } from './filter.js';

/** At most so many cells are answered, those with the most generations. */
export const CELLS_MAX = 500;

/** Outcomes so far: shown = accepted + edited + rejected + ignored + unresolved. */
export interface OutcomeCounts {
  readonly shown: number;
  readonly accepted: number;
  readonly edited: number;
  readonly rejected: number;
  readonly ignored: number;
  readonly unresolved: number;
  readonly notShown: number;
  readonly orphan: number;
}

export interface Cell {
  readonly promptId: string;
  readonly promptVersion: string;
  readonly model: string;
  readonly modelVersion: string;
  readonly surface: string;
  /** Its dimensions come from verified tokens. */
  readonly trusted: boolean;
  readonly metricVersion: string;
  /** Mature generations: the denominator of the rate. */
  readonly mature: number;
  /** Of the mature ones, accepted or edited. */
  readonly taken: number;
  /** taken / mature, null while nothing is mature. */
  readonly rate: number | null;
  /** 95 % interval, clustered by person; null with fewer than two persons. */
  readonly low: number | null;
  readonly high: number | null;
  /** Persons behind the mature generations, and how many of them are known by a session only. */
  readonly persons: number;
  readonly sessions: number;
  readonly designEffect: number | null;
  /** Instant at which the outcomes were judged, ms. */
  readonly asOf: number;
  readonly soFar: OutcomeCounts;
}

export interface Cells {
  readonly cells: readonly Cell[];
  /** How many there are; more than `cells.length` when some were left out. */
  readonly total: number;
  /** Newest and oldest instant of judgement, ms; 0 without cells. */
  readonly asOf: number;
}

const KEYS = ['prompt_id', 'prompt_version', 'model', 'model_version', 'surface', 'trusted', 'metric_version'] as const;
type KeyRow = Readonly<Record<Exclude<(typeof KEYS)[number], 'trusted'>, string>> & { readonly trusted: number };

const NARROWED = `({prompt:String} = '' OR prompt_id = {prompt:String}) AND ({model:String} = '' OR model = {model:String})`;

interface CountsRow extends KeyRow {
  readonly not_shown: string;
  readonly orphan: string;
  readonly shown: string;
  readonly accepted: string;
  readonly edited: string;
  readonly rejected: string;
  readonly ignored: string;
  readonly unresolved: string;
  readonly judged_at: string;
  readonly cells: string;
}
const COUNTS_SQL = `
SELECT ${KEYS.join(', ')},
    sum(r.not_shown) AS not_shown, sum(r.orphan) AS orphan, sum(r.shown) AS shown, sum(r.accepted) AS accepted, sum(r.edited) AS edited,
    sum(r.rejected) AS rejected, sum(r.ignored) AS ignored, sum(r.unresolved) AS unresolved,
    toUnixTimestamp64Milli(max(r.as_of)) AS judged_at, count() OVER () AS cells
FROM rates AS r
WHERE project_id = {project:String} AND hour >= toDateTime({from:Date}, 'UTC') AND hour < toDateTime({to:Date}, 'UTC') AND ${NARROWED}
GROUP BY ${KEYS.join(', ')}
ORDER BY shown DESC, ${KEYS.join(', ')}
LIMIT ${CELLS_MAX}`;

interface IntervalRow extends KeyRow {
  readonly persons: string;
  readonly mature: number;
  readonly taken: number;
  readonly rate: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly design_effect: number | null;
  readonly judged_at: string;
}
const INTERVALS_SQL = `
SELECT ${KEYS.join(', ')}, persons, mature, taken, rate, low, high, design_effect, toUnixTimestamp64Milli(as_of) AS judged_at
FROM rate_intervals(project = {project:String}, from = {from:Date}, to = {to:Date})
WHERE ${NARROWED}`;

interface SessionsRow extends KeyRow {
  readonly sessions: string;
}
const SESSIONS_SQL = `
SELECT ${KEYS.join(', ')}, uniqExact(user_key) AS sessions
FROM user_days
WHERE project_id = {project:String} AND day >= {from:Date} AND day < {to:Date} AND mature > 0 AND user_kind = 'session' AND ${NARROWED}
GROUP BY ${KEYS.join(', ')}`;

export async function readCells(clickhouse: ClickHouse, filter: Filter): Promise<Cells> {
  const params = {
    project: filter.project,
    prompt: filter.prompt ?? '',
    model: filter.model ?? '',
    from: filter.from,
    to: filter.to,
  };
  const [counts, intervals, sessions] = await Promise.all([
    clickhouse.query<CountsRow>(COUNTS_SQL, params, READ_SETTINGS),
    clickhouse.query<IntervalRow>(INTERVALS_SQL, params, READ_SETTINGS),
    clickhouse.query<SessionsRow>(SESSIONS_SQL, params, READ_SETTINGS),
  ]);
  const intervalOf = new Map(intervals.map((row) => [keyOf(row), row]));
  const sessionsOf = new Map(sessions.map((row) => [keyOf(row), Number(row.sessions)]));
  const cells = counts.map((row) => cell(row, intervalOf.get(keyOf(row)), sessionsOf.get(keyOf(row)) ?? 0));
  return {
    cells: cells.sort(inReadingOrder),
    total: Number(counts[0]?.cells ?? 0),
    asOf: cells.reduce((newest, { asOf }) => Math.max(newest, asOf), 0),
  };
}

function keyOf(row: KeyRow): string {
  return JSON.stringify(KEYS.map((key) => row[key]));
}

function cell(row: CountsRow, interval: IntervalRow | undefined, sessions: number): Cell {
  return {
    promptId: row.prompt_id,
    promptVersion: row.prompt_version,
    model: row.model,
    modelVersion: row.model_version,
    surface: row.surface,
    trusted: row.trusted === 1,
    metricVersion: row.metric_version,
    mature: interval?.mature ?? 0,
    taken: interval?.taken ?? 0,
    rate: interval?.rate ?? null,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    persons: Number(interval?.persons ?? 0),
    sessions,
    designEffect: interval?.design_effect ?? null,
    asOf: Number(interval?.judged_at ?? row.judged_at),
    soFar: {
      shown: Number(row.shown),
      accepted: Number(row.accepted),
      edited: Number(row.edited),
      rejected: Number(row.rejected),
      ignored: Number(row.ignored),
      unresolved: Number(row.unresolved),
      notShown: Number(row.not_shown),
      orphan: Number(row.orphan),
    },
  };
}

const collator = new Intl.Collator('en', { numeric: true });

/** Prompts by name; of a prompt the newest-looking version first, then by model. */
function inReadingOrder(a: Cell, b: Cell): number {
  return (
    collator.compare(a.promptId, b.promptId) ||
    collator.compare(b.promptVersion, a.promptVersion) ||
    collator.compare(a.model, b.model) ||
    collator.compare(b.modelVersion, a.modelVersion) ||
    collator.compare(a.surface, b.surface) ||
    Number(b.trusted) - Number(a.trusted)
  );
}

/** Prompts and models that have figures in a period, by name: what the page offers to filter by. */
export async function readChoices(
  clickhouse: ClickHouse,
  { project, from, to }: Filter,
): Promise<{ prompts: string[]; models: string[] }> {
  const [row] = await clickhouse.query<{ prompts: string[]; models: string[] }>(
    `SELECT groupUniqArray(${CELLS_MAX})(prompt_id) AS prompts, groupUniqArray(${CELLS_MAX})(model) AS models FROM rates
     WHERE project_id = {project:String} AND hour >= toDateTime({from:Date}, 'UTC') AND hour < toDateTime({to:Date}, 'UTC')`,
    { project, from, to },
    READ_SETTINGS,
  );
  const sorted = (names: readonly string[] = []) => names.filter((each) => each !== '').sort(collator.compare);
  return { prompts: sorted(row?.prompts), models: sorted(row?.models) };
}
