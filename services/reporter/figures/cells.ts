// Reads the rolled-up figures: one cell per prompt version, model version, surface, trust and metric version. In: a filter.
// Out: cells with rate and interval of mature generations, and outcomes so far. Reads days that were rolled up, never the
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

type Count =
  | 'persons'
  | 'sessions'
  | 'mature'
  | 'taken'
  | 'shown'
  | 'accepted'
  | 'edited'
  | 'rejected'
  | 'ignored'
  | 'unresolved'
  | 'not_shown'
  | 'orphan'
  | 'judged_at'
  | 'cells';

/** What ClickHouse answers, in which 64-bit integers are strings. */
interface CellRow extends Readonly<Record<Count, string>> {
  readonly prompt_id: string;
  readonly prompt_version: string;
  readonly model: string;
  readonly model_version: string;
  readonly surface: string;
  readonly trusted: number;
  readonly metric_version: string;
  readonly rate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly design_effect: number | null;
}

/** Counted from the days at every question: the newest roll-up shows, for any period. */
const SQL = `
SELECT r.prompt_id AS prompt_id, r.prompt_version AS prompt_version, r.model AS model, r.model_version AS model_version, r.surface AS surface,
    r.trusted AS trusted, r.metric_version AS metric_version,
    r.mature AS mature, r.taken AS taken, r.rate AS rate, r.low AS low, r.high AS high, r.design_effect AS design_effect,
    r.persons AS persons, r.session_persons AS sessions,
    r.not_shown AS not_shown, r.orphan AS orphan, r.shown AS shown, r.accepted AS accepted, r.edited AS edited, r.rejected AS rejected,
    r.ignored AS ignored, r.unresolved AS unresolved, toUnixTimestamp64Milli(r.as_of) AS judged_at, count() OVER () AS cells
FROM rate_levels(project = {project:String}, from = {from:Date}, to = {to:Date}, level = 'cell') AS r
WHERE ({prompt:String} = '' OR r.prompt_id = {prompt:String}) AND ({model:String} = '' OR r.model = {model:String})
ORDER BY shown DESC, prompt_id, prompt_version, model, model_version, surface, trusted, metric_version
LIMIT ${CELLS_MAX}`;

export async function readCells(clickhouse: ClickHouse, filter: Filter): Promise<Cells> {
  const { project, prompt = '', model = '', from, to } = filter;
  const rows = await clickhouse.query<CellRow>(SQL, { project, prompt, model, from, to }, READ_SETTINGS);
  const cells = rows.map(cell).sort(inReadingOrder);
  return {
    cells,
    total: Number(rows[0]?.cells ?? 0),
    asOf: cells.reduce((newest, { asOf }) => Math.max(newest, asOf), 0),
  };
}

function cell(row: CellRow): Cell {
  return {
    promptId: row.prompt_id,
    promptVersion: row.prompt_version,
    model: row.model,
    modelVersion: row.model_version,
    surface: row.surface,
    trusted: row.trusted === 1,
    metricVersion: row.metric_version,
    mature: Number(row.mature),
    taken: Number(row.taken),
    rate: row.rate,
    low: row.low,
    high: row.high,
    persons: Number(row.persons),
    sessions: Number(row.sessions),
    designEffect: row.design_effect,
    asOf: Number(row.judged_at),
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
