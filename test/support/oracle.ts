// What the views and the roll-up must answer, written a second time in another language and another way: plain loops over rows.
// In: event rows in any order and number of copies, settings, an instant. Out: outcomes, and the rows of `rates` and `user_days`.
// Must never share code with the product, nor read ClickHouse.
import type { EventRow } from '../../shared/contract/rows.js';

export interface OracleSettings {
  readonly project_id: string;
  /** Empty for all surfaces that have no settings of their own. */
  readonly surface: string;
  readonly metric_version: string;
  readonly window_s: number;
  readonly lateness_s: number;
  readonly theta_same: number;
  readonly theta_replace: number;
}

export type OracleOutcomeName = 'not_shown' | 'orphan' | 'rejected' | 'edited' | 'accepted' | 'ignored' | 'unresolved';

/** A generation as judged. Instants are ms since the epoch. */
export interface OracleOutcome {
  readonly project_id: string;
  readonly hour: number;
  readonly generation_id: string;
  readonly trusted: number;
  readonly prompt_id: string;
  readonly prompt_version: string;
  readonly model: string;
  readonly model_version: string;
  readonly experiment: string;
  readonly arm: string;
  readonly assignment: string;
  readonly surface: string;
  readonly task_id: string;
  readonly user_kind: EventRow['user_kind'];
  readonly user_key: string;
  readonly metric_version: string;
  readonly outcome: OracleOutcomeName;
  readonly similarity: number;
  readonly first_shown_at: number | null;
  readonly decided_at: number | null;
  /** What the last decision said. */
  readonly last_decides: EventRow['decides'];
  readonly mature: boolean;
  readonly clock_suspect: boolean;
  readonly forced: boolean;
  readonly late: boolean;
}

const HOUR_MS = 3_600_000;
const BEFORE_SHOWN_MS = 120_000;
const USER_KINDS = ['none', 'session', 'client', 'user'] as const;
const RANKS = { nothing: 0, accept: 1, edit: 2, reject: 3 } as const;
const DEFAULTS = {
  metric_version: 'default',
  window_s: 86_400,
  lateness_s: 172_800,
  theta_same: 0.98,
  theta_replace: 1 / 3,
};

/** Every generation of the rows, judged at `asOf` (ms since the epoch). */
export function oracleOutcomes(
  rows: readonly EventRow[],
  settings: readonly OracleSettings[],
  asOf: number,
): OracleOutcome[] {
  const generations = new Map<string, EventRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.project_id, Math.floor(row.generated_at / HOUR_MS), row.generation_id]);
    const found = generations.get(key);
    if (found === undefined) generations.set(key, [row]);
    else found.push(row);
  }
  return [...generations.values()].map((copies) => judge(copies, settings, asOf));
}

function judge(copies: readonly EventRow[], settings: readonly OracleSettings[], asOf: number): OracleOutcome {
  const tokenSpoke = copies.some((row) => row.trusted === 1);
  const believed = tokenSpoke ? copies.filter((row) => row.trusted === 1) : copies;
  const named = fullest(believed);
  const person = strongestPerson(believed);
  const rule = ruleFor(named.project_id, named.surface, settings);

  const shows = believed.filter((row) => row.shows === 1);
  const shownAt = shows.length === 0 ? null : Math.min(...shows.map((row) => row.occurred_at));
  const decisions = earliestCopies(believed.filter((row) => row.decides !== 'nothing'));
  const inWindow =
    shownAt === null
      ? []
      : decisions.filter(
          ({ occurred_at: at }) => at >= shownAt - BEFORE_SHOWN_MS && at <= shownAt + rule.window_s * 1000,
        );
  const last = latest(inWindow);
  const lastEdit = latest(inWindow.filter((row) => row.decides === 'edit'));
  const similarity = lastEdit?.decision_value ?? 1;
  const finalAt = shownAt === null ? Infinity : shownAt + (rule.window_s + rule.lateness_s) * 1000;
  const final = asOf >= finalAt;

  let outcome: OracleOutcomeName;
  if (shownAt === null) outcome = decisions.length > 0 ? 'orphan' : 'not_shown';
  else if (last === undefined) outcome = final ? 'ignored' : 'unresolved';
  else if (last.decides === 'reject' || similarity < rule.theta_replace) outcome = 'rejected';
  else outcome = similarity < rule.theta_same ? 'edited' : 'accepted';

  const firstShowReceipts = shows.filter((row) => row.occurred_at === shownAt).map((row) => row.received_at);
  const bearing = [Math.min(...firstShowReceipts), ...inWindow.map((row) => row.received_at)];
  return {
    project_id: named.project_id,
    hour: Math.floor(named.generated_at / HOUR_MS) * HOUR_MS,
    generation_id: named.generation_id,
    trusted: tokenSpoke ? 1 : 0,
    prompt_id: named.prompt_id,
    prompt_version: named.prompt_version,
    model: named.model,
    model_version: named.model_version,
    experiment: named.experiment,
    arm: named.arm,
    assignment: named.assignment,
    surface: named.surface,
    task_id: named.task_id === '' ? named.generation_id : named.task_id,
    user_kind: person.user_kind,
    user_key: person.user_key,
    metric_version: rule.metric_version,
    outcome,
    similarity,
    first_shown_at: shownAt,
    decided_at: last?.occurred_at ?? null,
    last_decides: last?.decides ?? 'nothing',
    mature: final,
    clock_suspect: shownAt !== null && believed.some((row) => row.clock_suspect === 1),
    forced: shows.length > 0 && shows.every((row) => row.reason === 'forced'),
    late: final && bearing.some((received) => received > finalAt),
  };
}

/** The dimensions of one row, taken whole: the one that names most, and of equals the greatest in the order of its names. */
function fullest(rows: readonly EventRow[]): EventRow {
  const names = (row: EventRow) => [
    row.prompt_id,
    row.prompt_version,
    row.model,
    row.model_version,
    row.experiment,
    row.arm,
    row.assignment,
    row.surface,
    row.task_id,
  ];
  const filled = (row: EventRow) =>
    names(row)
      .slice(0, 5)
      .filter((name) => name !== '').length;
  const [first, ...rest] = rows;
  if (first === undefined) throw new Error('a generation has a row');
  return rest.reduce((best, row) => {
    if (filled(row) !== filled(best)) return filled(row) > filled(best) ? row : best;
    const [mine, other] = [names(row), names(best)];
    const at = mine.findIndex((name, index) => name !== other[index]);
    return at >= 0 && Buffer.compare(Buffer.from(mine[at] ?? ''), Buffer.from(other[at] ?? '')) > 0 ? row : best;
  }, first);
}

function strongestPerson(rows: readonly EventRow[]): Pick<EventRow, 'user_kind' | 'user_key'> {
  let best: Pick<EventRow, 'user_kind' | 'user_key'> = { user_kind: 'none', user_key: '0' };
  for (const { user_kind, user_key } of rows) {
    const order = USER_KINDS.indexOf(user_kind) - USER_KINDS.indexOf(best.user_kind);
    if (order > 0 || (order === 0 && BigInt(user_key) > BigInt(best.user_key))) best = { user_kind, user_key };
  }
  return best;
}

/** The settings that decide a project's generations on a surface. */
export function ruleFor(project: string, surface: string, settings: readonly OracleSettings[]) {
  const ofProject = settings.filter((row) => row.project_id === project && row.window_s > 0);
  return (
    ofProject.find((row) => row.surface !== '' && row.surface === surface) ??
    ofProject.find((row) => row.surface === '') ??
    DEFAULTS
  );
}

/** Of the copies of an event, the earliest; of those at one instant, what its first receipt said. */
function earliestCopies(rows: readonly EventRow[]): EventRow[] {
  const events = new Map<string, EventRow>();
  for (const row of rows) {
    const known = events.get(row.event_id);
    const sooner =
      known === undefined ||
      row.occurred_at < known.occurred_at ||
      (row.occurred_at === known.occurred_at && row.received_at < known.received_at);
    if (sooner) events.set(row.event_id, row);
  }
  return [...events.values()];
}

/** The last decision; at one instant a reject stands over an edit over an accept, and then the greater value. */
function latest(rows: readonly EventRow[]): EventRow | undefined {
  return [...rows].sort(
    (a, b) =>
      b.occurred_at - a.occurred_at || RANKS[b.decides] - RANKS[a.decides] || b.decision_value - a.decision_value,
  )[0];
}
