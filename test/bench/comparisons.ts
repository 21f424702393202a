// Stage: one look at many pairs against one pass over the same persons' days. In: a size. Out: seconds, CPU, memory of both sides.
import { projectSchema } from '../../shared/contract/projects.js';
import { takeLooks } from '../../services/reporter/comparisons/take-looks.js';
import { ROLLUP_SETTINGS } from '../../services/reporter/rollup/query-settings.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { peakMemoryBytes, using, type Used } from './measure.js';
import { quiet } from './quiet.js';
import { figure, ratio, type StageReport } from './report.js';

const DAY_MS = 86_400_000;
const SPAN_MS = 3 * DAY_MS;
const START = Date.parse('2026-03-02');
const PERSONS_PER_PAIR = 400;
/** Of each pair, persons of a day and generations of each. */
const PERSONS_PER_DAY = 240;
const GENERATIONS_PER_ROW = 3;

/** A day of all pairs, each an experiment of two arms, as a roll-up at the end of W + L writes it. */
const DAY_SQL = `
INSERT INTO user_days (project_id, day, prompt_id, surface, metric_version, user_kind, user_key, experiment, arm, assignment,
    shown, accepted, mature, mature_accepted, as_of)
SELECT 'bench', {day:Date}, concat('prompt-', toString(pair % 20)), 'web', 'default', 'user', cityHash64(pair, person), concat('experiment-', toString(pair)),
    if(person % 2 = 0, 'A', 'B'), 'randomised:user', ${GENERATIONS_PER_ROW} AS n,
    toUInt8(cityHash64(pair, person, {day:Date}) % ${GENERATIONS_PER_ROW + 1}) AS y, n, y,
    toDateTime64({day:Date} + 1, 3, 'UTC') + INTERVAL 3 DAY
FROM (
    SELECT intDiv(number, ${PERSONS_PER_DAY}) AS pair,
        (number % ${PERSONS_PER_DAY} + 37 * toRelativeDayNum({day:Date})) % ${PERSONS_PER_PAIR} AS person
    FROM numbers({rows:UInt64}))`;

/** The least that a variance by persons needs: each person's sums on each side. */
const FLOOR_SQL = `SELECT sum(n) AS generations FROM (
    SELECT experiment, arm, user_kind, user_key, sum(mature) AS n, sum(mature_accepted + mature_edited) AS y
    FROM user_days WHERE project_id = 'bench' GROUP BY experiment, arm, user_kind, user_key)`;

export async function benchComparisons(short: boolean): Promise<StageReport> {
  const [repetitions, pairs, days] = short ? [1, 100, 14] : [3, 500, 28];
  const generations = pairs * days * PERSONS_PER_DAY * GENERATIONS_PER_ROW;
  const clickhouse = await startTestClickHouse();
  const [looks, pass]: [Used[], Used[]] = [[], []];
  let memory: { looks: number; pass: number };
  try {
    for (let day = 0; day < days; day += 1) {
      const date = new Date(START + day * DAY_MS).toISOString().slice(0, 10);
      await clickhouse.migrator.command(DAY_SQL, { day: date, rows: pairs * PERSONS_PER_DAY });
    }
    await quiet(clickhouse.migrator);
    const turns = [
      async () => void looks.push(await using([clickhouse.pid()], async () => await look(clickhouse, pairs, days))),
      async () => void pass.push(await using([clickhouse.pid()], async () => await onePass(clickhouse, generations))),
    ];
    for (let n = 0; n <= repetitions; n += 1) for (const turn of n % 2 === 0 ? turns : turns.toReversed()) await turn();
    memory = await peaks(clickhouse);
  } finally {
    await clickhouse.stop();
  }
  const [measured, floor] = [looks.slice(1), pass.slice(1)]; // the first is the warm-up
  const seconds = (used: readonly Used[]) => used.map((u) => u.seconds);
  const cpuSeconds = (used: readonly Used[]) => used.map((u) => u.cpuSeconds);
  const peak = peakMemoryBytes(process.pid) / 1e6;
  return {
    stage: 'comparisons',
    floor: 'one SELECT that sums the same rows by person and side; nothing written',
    ratios: [
      ratio('CPU', cpuSeconds(measured), cpuSeconds(floor)),
      ratio('seconds', seconds(measured), seconds(floor)),
    ],
    figures: [
      figure('seconds of a look', 's', seconds(measured), seconds(floor)),
      figure('CPU, ClickHouse', 's', cpuSeconds(measured), cpuSeconds(floor)),
      figure('peak memory of a query', 'MB', [memory.looks / 1e6], [memory.pass / 1e6]),
    ],
    notes: [
      `${pairs} pairs over ${days} days, ${generations} generations in ${pairs * days * PERSONS_PER_DAY} rows of user_days`,
      `the process that took the looks held at most ${Math.round(peak)} MB`,
    ],
  };
}

async function look({ reporter }: TestClickHouse, pairs: number, days: number): Promise<void> {
  const projects = [projectSchema.parse({ id: 'bench', hashKey: { value: 'x'.repeat(16) } })];
  const found = await takeLooks(reporter, projects, START + days * DAY_MS + SPAN_MS, new AbortController().signal);
  if (found.looks !== pairs) throw new Error(`${found.looks} comparisons were looked at, not ${pairs}`);
}

async function onePass({ reporter }: TestClickHouse, expected: number): Promise<void> {
  const [row] = await reporter.query<{ generations: string }>(FLOOR_SQL, {}, ROLLUP_SETTINGS);
  if (Number(row?.generations) !== expected)
    throw new Error(`${row?.generations} generations were read, not ${expected}`);
}

/** Most memory that one statement of each kind took, bytes. */
async function peaks({ migrator }: TestClickHouse): Promise<{ looks: number; pass: number }> {
  await migrator.command('SYSTEM FLUSH LOGS');
  const [row] = await migrator.query<{ looks: string; pass: string }>(
    `SELECT maxIf(memory_usage, query NOT LIKE '%SELECT sum(n) AS generations%') AS looks,
            maxIf(memory_usage, query LIKE '%SELECT sum(n) AS generations%') AS pass
     FROM system.query_log WHERE type = 'QueryFinish' AND user = 'tacit_reporter'`,
  );
  return { looks: Number(row?.looks ?? 0), pass: Number(row?.pass ?? 0) };
}
