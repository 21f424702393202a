// Reads where every watch stands and which final days it has not judged. In: the instant of a look. Out: watches with their days,
// oldest first. Must never hand out a day behind one that the roll-up has still to finish: it would be left out for good.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { ROLLUP_SETTINGS } from '../rollup/query-settings.js';
import type { Standing } from './judge-days.js';
import { BEHIND_SQL, DAYS_SQL, STANDINGS_SQL } from './statements.js';
import { watchId, type Watch, type WatchedDay } from './watched-day.js';

const DAY_MS = 86_400_000;
const SECOND_MS = 1000;

export interface WatchDays {
  readonly id: string;
  readonly watch: Watch;
  readonly days: readonly WatchedDay[];
}

/** What the newest row of a watch says. */
export interface StoredStanding extends Standing {
  readonly newestDay: string;
  readonly deployment: string;
  readonly deployedOn: string | null;
}

interface StandingRow extends Watch {
  readonly state: Standing['state'];
  readonly newest_day: string;
  readonly since: string | null;
  readonly deployment: string;
  readonly deployed_on: string | null;
  readonly baseline: number;
  readonly baseline_days: number;
  readonly baseline_from: string | null;
  readonly baseline_to: string | null;
  readonly weekdays: readonly number[];
  readonly sigma: number;
  readonly cusum: number;
  readonly rising_from: string | null;
  /** Counted days with their z, oldest first. */
  readonly days: readonly (readonly [string, number])[];
  readonly recovery: number;
}

/** Where watches stand, by their id. */
export async function readStandings(clickhouse: ClickHouse, asOf: number): Promise<Map<string, StoredStanding>> {
  const rows = await clickhouse.query<StandingRow>(STANDINGS_SQL, { as_of: asOf }, ROLLUP_SETTINGS);
  return new Map(rows.map((row) => [watchId(row), standingOf(row)]));
}

function standingOf(row: StandingRow): StoredStanding {
  const { baseline: rate, baseline_days: days, baseline_from: from, baseline_to: to, weekdays, sigma } = row;
  return {
    state: row.state,
    newestDay: row.newest_day,
    since: row.since,
    deployment: row.deployment,
    deployedOn: row.deployed_on,
    baseline:
      row.state === 'collecting' || from === null || to === null
        ? undefined
        : { rate, days, from, to, weekdays, sigma },
    cusum: row.cusum,
    climb: climbOf(row),
    recovery: row.recovery,
  };
}

function climbOf({ rising_from, days }: StandingRow): Standing['climb'] {
  return rising_from === null ? [] : days.filter(([day]) => day >= rising_from).map(([day, z]) => ({ day, z }));
}

/** Final days that have no row yet; of watches that still collect, all days. */
export async function readFinalDays(clickhouse: ClickHouse, asOf: number): Promise<WatchDays[]> {
  const rows = await clickhouse.query<Watch & WatchedDay & { /** W + L, seconds. */ readonly span: number }>(
    DAYS_SQL,
    { as_of: asOf },
    ROLLUP_SETTINGS,
  );
  const behind = await readBehind(clickhouse, asOf);
  const watches = new Map<string, { id: string; watch: Watch; days: WatchedDay[] }>();
  for (const row of rows) {
    const waits = behind
      .get(row.project_id)
      ?.some(({ day, judged }) => day < row.day && judged < Date.parse(day) + DAY_MS + Number(row.span) * SECOND_MS);
    if (waits === true) continue;
    const id = watchId(row);
    const { project_id, prompt_id, prompt_version, surface, metric_version } = row;
    const known = watches.get(id) ?? {
      id,
      watch: { project_id, prompt_id, prompt_version, surface, metric_version },
      days: [],
    };
    watches.set(id, known);
    known.days.push(row);
  }
  return [...watches.values()];
}

interface BehindDay {
  readonly day: string;
  /** When the roll-up last judged it, ms; 0 when it never did. */
  readonly judged: number;
}

async function readBehind(clickhouse: ClickHouse, asOf: number): Promise<Map<string, BehindDay[]>> {
  const rows = await clickhouse.query<{ project_id: string; day: string; judged: string }>(
    BEHIND_SQL,
    { as_of: asOf },
    ROLLUP_SETTINGS,
  );
  const behind = new Map<string, BehindDay[]>();
  for (const { project_id, day, judged } of rows)
    behind.set(project_id, [...(behind.get(project_id) ?? []), { day, judged: Number(judged) }]);
  return behind;
}
