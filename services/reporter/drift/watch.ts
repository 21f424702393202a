// One drift look at every prompt of every project, across its versions and per version. In: projects, the instant of the look.
// Out: a row of `drift_looks` per watch and final day that had none. Reads `user_days` alone, in a fixed number of statements.
// Must never judge a day twice, nor a day while an earlier one still waits for the roll-up.
import type { Project } from '../../../shared/contract/projects.js';
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { addDays } from '../figures/filter.js';
import { ROLLUP_SETTINGS } from '../rollup/query-settings.js';
import { deploymentAt, type Deployment } from './deployments.js';
import { judgeDays, type JudgedDay, type Standing } from './judge-days.js';
import { lookRow, type Named, type SpanFigures } from './look-row.js';
import { readFinalDays, readStandings, type StoredStanding, type WatchDays } from './read-watches.js';
import { DEPLOYMENTS_SQL, SPANS_SQL } from './statements.js';

/** Figures of a watch that has not fallen are those of its last days. */
const RECENT_DAYS = 7;
/** Watches whose figures one statement reads: their names travel as parameters. */
const SPAN_WATCHES_MAX = 500;
/** Rows of one insert. */
const INSERT_ROWS_MAX = 50_000;

interface Judged {
  readonly watch: WatchDays;
  readonly before: StoredStanding | undefined;
  readonly rows: readonly JudgedDay[];
  /** Of its newest row. */
  readonly from: string;
}

/**
 * Judges what is final at `asOf` (ms). Answers how many rows were appended. A look that is repeated appends nothing, one that was
 * missed is made good by the next. Throws the signal's reason when it aborts between two statements; then nothing was appended.
 */
export async function watchDrift(
  clickhouse: ClickHouse,
  projects: readonly Pick<Project, 'id'>[],
  asOf: number,
  signal: AbortSignal,
): Promise<{ rows: number }> {
  const ids = new Set(projects.map(({ id }) => id));
  const standings = await readStandings(clickhouse, asOf);
  const watches = (await readFinalDays(clickhouse, asOf)).filter(({ watch }) => ids.has(watch.project_id));
  const judged = watches.map((watch) => judge(watch, standings.get(watch.id))).filter((each) => each.rows.length > 0);
  signal.throwIfAborted();
  const figures = await readFigures(clickhouse, judged, signal);
  const deployments = await readDeployments(clickhouse, judged);
  signal.throwIfAborted();
  const rows = judged.flatMap((each) => rowsOf(each, deployments, figures.get(each.watch.id), asOf));
  for (let at = 0; at < rows.length; at += INSERT_ROWS_MAX) {
    const lines = rows.slice(at, at + INSERT_ROWS_MAX).map((row) => JSON.stringify(row));
    await clickhouse.insertBlock('drift_looks', [Buffer.from(`${lines.join('\n')}\n`)]);
  }
  return { rows: rows.length };
}

function judge(watch: WatchDays, before: StoredStanding | undefined): Judged {
  const standing: Standing | undefined = before?.state === 'collecting' ? undefined : before;
  const rows = judgeDays(watch.days, standing).filter(({ day }) => before === undefined || day.day > before.newestDay);
  const newest = rows.at(-1);
  const last = newest?.day.day ?? '';
  const from = newest === undefined ? last : (newest.since ?? addDays(last, 1 - RECENT_DAYS));
  return { watch, before, rows, from };
}

function rowsOf(
  { watch, before, rows, from }: Judged,
  deployments: readonly Deployment[],
  figures: SpanFigures | undefined,
  asOf: number,
): Record<string, unknown>[] {
  let named: Named = { since: before?.since ?? null, name: before?.deployment ?? '', day: before?.deployedOn ?? null };
  return rows.map((row, i) => {
    if (row.since === null) named = { since: null, name: '', day: null };
    else if (row.since !== named.since) {
      const found = deploymentAt(deployments, watch.watch, row.since, row.day.day);
      named = { since: row.since, name: found?.name ?? '', day: found?.day ?? null };
    }
    const span = i === rows.length - 1 && figures !== undefined ? { from, figures } : undefined;
    return lookRow(watch, row, named, span, asOf);
  });
}

/** Deployments of prompts that have newly fallen; asks only when there are any. */
async function readDeployments(clickhouse: ClickHouse, judged: readonly Judged[]): Promise<Deployment[]> {
  const fallen = judged
    .filter(({ rows, before }) => rows.some(({ since }) => since !== null && since !== before?.since))
    .map(({ watch }) => watch.watch);
  if (fallen.length === 0) return [];
  const params = {
    projects: [...new Set(fallen.map(({ project_id }) => project_id))],
    prompts: [...new Set(fallen.map(({ prompt_id }) => prompt_id))],
  };
  return await clickhouse.query<Deployment>(DEPLOYMENTS_SQL, params, ROLLUP_SETTINGS);
}

async function readFigures(
  clickhouse: ClickHouse,
  judged: readonly Judged[],
  signal: AbortSignal,
): Promise<Map<string, SpanFigures>> {
  const found = new Map<string, SpanFigures>();
  for (let at = 0; at < judged.length; at += SPAN_WATCHES_MAX) {
    const some = judged.slice(at, at + SPAN_WATCHES_MAX);
    const params = {
      id: some.map(({ watch }) => watch.id),
      project_id: some.map(({ watch }) => watch.watch.project_id),
      prompt_id: some.map(({ watch }) => watch.watch.prompt_id),
      prompt_version: some.map(({ watch }) => watch.watch.prompt_version),
      surface: some.map(({ watch }) => watch.watch.surface),
      metric_version: some.map(({ watch }) => watch.watch.metric_version),
      from: some.map(({ from }) => from),
      to: some.map(({ rows }) => rows.at(-1)?.day.day ?? ''),
      first: some.map(({ from }) => from).sort()[0] ?? '',
    };
    for (const row of await clickhouse.query<
      Omit<SpanFigures, 'n'> & { readonly id: string; readonly generations: number }
    >(SPANS_SQL, params, ROLLUP_SETTINGS))
      found.set(row.id, { ...row, n: row.generations });
    signal.throwIfAborted();
  }
  return found;
}
