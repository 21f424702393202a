// Stage: the roll-up of one large day against one pass over the same outcomes. In: a size. Out: generations a second, CPU, memory.
import { ROLLUP_SETTINGS } from '../../services/reporter/rollup/query-settings.js';
import { recomputeDay } from '../../services/reporter/rollup/recompute-day.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { using, type Used } from './measure.js';
import { quiet } from './quiet.js';
import { figure, ratio, type StageReport } from './report.js';

const DAY_MS = 86_400_000;
const PERSONS = 20_000;

/** A day's events as SQL: each generation generated and shown, four of five with an action; cells and persons as of a busy product. */
const DAY_SQL = `
INSERT INTO events (project_id, generation_id, generated_at, event_id, event_type, shows, decides, decision_value,
    occurred_at, received_at, prompt_id, prompt_version, model, model_version, surface, user_kind, user_key, total_chars)
SELECT 'bench', concat('generation-', toString(n)), at, generateUUIDv4(kind.1), kind.1, kind.2, kind.3, kind.4,
    at + INTERVAL kind.5 SECOND, at + INTERVAL 30 SECOND, concat('prompt-', toString(n % 5)), toString(n % 3), 'model-a',
    toString(n % 2), 'web', 'user', cityHash64(n % {persons:UInt32}), 800
FROM (
    SELECT number AS n, toDateTime64({day:Date}, 3, 'UTC') + toIntervalMillisecond(intDiv(number * ${DAY_MS}, {generations:UInt64})) AS at
    FROM numbers({from:UInt64}, {count:UInt64}))
ARRAY JOIN arrayConcat([('generated', 0, 'nothing', 0., 0), ('shown', 1, 'nothing', 0., 2)],
    arrayElement([[('copy', 0, 'accept', 0.4, 9)], [('edit', 0, 'edit', 0.7, 12)], [('reject', 0, 'reject', 0., 5)],
        [('accept', 0, 'accept', 1., 8)], []], 1 + cityHash64(n, 'action') % 5)) AS kind`;
const INSERT_GENERATIONS = 100_000;

const FLOOR_SQL = `
SELECT o.outcome AS outcome, count() AS generations FROM outcomes_at(as_of = now64(3)) AS o
WHERE o.hour >= toDateTime({day:Date}, 'UTC') AND o.hour < toDateTime({day:Date} + 1, 'UTC')
GROUP BY outcome`;

export async function benchRollUp(short: boolean): Promise<StageReport> {
  const repetitions = short ? 2 : 5;
  const generations = short ? 300_000 : 1_000_000;
  const clickhouse = await startTestClickHouse();
  const [run, pass]: [Used[], Used[]] = [[], []];
  let memory: { run: number; pass: number };
  try {
    const day = new Date(Date.now() - 6 * DAY_MS).toISOString().slice(0, 10);
    await fill(clickhouse, day, generations);
    const turns = [
      async () =>
        void run.push(await using([clickhouse.pid()], async () => await rollUp(clickhouse, day, generations))),
      async () =>
        void pass.push(await using([clickhouse.pid()], async () => await onePass(clickhouse, day, generations))),
    ];
    for (let n = 0; n <= repetitions; n += 1) for (const turn of n % 2 === 0 ? turns : turns.toReversed()) await turn();
    memory = await peaks(clickhouse);
  } finally {
    await clickhouse.stop();
  }
  const [measured, floor] = [run.slice(1), pass.slice(1)]; // the first is the warm-up
  const perSecond = (used: readonly Used[]) => used.map(({ seconds }) => generations / seconds);
  const cpuUs = (used: readonly Used[]) => used.map((u) => (u.cpuSeconds * 1e6) / generations);
  return {
    stage: 'roll-up',
    floor: 'one SELECT outcome, count() over the same day of outcomes_at, with the same settings; nothing written',
    ratios: [
      ratio('CPU per generation', cpuUs(measured), cpuUs(floor)),
      ratio('generations a second', perSecond(measured), perSecond(floor)),
    ],
    figures: [
      figure('generations a second', '1/s', perSecond(measured), perSecond(floor)),
      figure('CPU per generation, ClickHouse', 'us', cpuUs(measured), cpuUs(floor)),
      figure('peak memory of a query', 'MB', [memory.run / 1e6], [memory.pass / 1e6]),
    ],
    notes: [`one day of ${generations} generations and ${PERSONS} persons, 2.8 events a generation`],
  };
}

async function fill(clickhouse: TestClickHouse, day: string, generations: number): Promise<void> {
  for (let from = 0; from < generations; from += INSERT_GENERATIONS) {
    const count = Math.min(INSERT_GENERATIONS, generations - from);
    await clickhouse.migrator.command(DAY_SQL, { day, generations, from, count, persons: PERSONS });
  }
  await quiet(clickhouse.migrator);
}

async function rollUp({ reporter }: TestClickHouse, day: string, expected: number): Promise<void> {
  const { generations } = await recomputeDay(reporter, day, new AbortController().signal);
  if (generations !== expected) throw new Error(`${generations} generations were rolled up, not ${expected}`);
}

async function onePass({ reporter }: TestClickHouse, day: string, expected: number): Promise<void> {
  const rows = await reporter.query<{ generations: string }>(FLOOR_SQL, { day }, ROLLUP_SETTINGS);
  const generations = rows.reduce((sum, row) => sum + Number(row.generations), 0);
  if (generations !== expected) throw new Error(`${generations} generations have an outcome, not ${expected}`);
}

/** Most memory that one statement of each kind took, bytes. */
async function peaks({ migrator }: TestClickHouse): Promise<{ run: number; pass: number }> {
  await migrator.command('SYSTEM FLUSH LOGS');
  const [row] = await migrator.query<{ run: string; pass: string }>(
    `SELECT maxIf(memory_usage, query NOT LIKE '%SELECT o.outcome AS outcome%') AS run,
            maxIf(memory_usage, query LIKE '%SELECT o.outcome AS outcome%') AS pass
     FROM system.query_log WHERE type = 'QueryFinish' AND user = 'tacit_reporter'`,
  );
  return { run: Number(row?.run ?? 0), pass: Number(row?.pass ?? 0) };
}
