// Forgetting a person on the real embedded ClickHouse: what stays equals the oracle's view of the remaining events.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EventRow } from '../../../../shared/contract/rows.js';
import { createClickHouse, type ClickHouse } from '../../../../shared/runtime/clickhouse.js';
import { createLogger } from '../../../../shared/runtime/log.js';
import { createEraser } from '../../../../services/reporter/erasure/erase.js';
import { createReporterMetrics } from '../../../../services/reporter/metrics.js';
import { createRollup } from '../../../../services/reporter/rollup/run.js';
import { startTestClickHouse, type TestClickHouse } from '../../../support/clickhouse.js';
import { DAY_MS, dayName, daysAgo } from '../../../support/days.js';
import { blankEvent, ndjson, randomEvents } from '../../../support/random-events.js';
import { chooseSeed, seededRandom } from '../../../support/random.js';
import {
  ROLLED_UP_TABLES,
  expectedRolledUp,
  expectedSignals,
  finishedRuns,
  readRolledUp,
  readSignals,
} from '../../../support/rolled-up.js';
import { startStatementProxy } from '../../../support/statement-proxy.js';

/** In the window of ninety days. */
const from = daysAgo(57);
/** In the middle of the receipts: what a person sent later stays. */
const requestedAt = from + DAY_MS;
const person = { project_id: 'mixed', user_key: '9007199254740993' };
const seed = chooseSeed(process.env['TACIT_TEST_SEED']);
const never = new AbortController().signal;

let server: TestClickHouse;
let sent: EventRow[];

beforeAll(async () => {
  process.stderr.write(`erasure: TACIT_TEST_SEED=${seed}\n`);
  server = await startTestClickHouse();
});
afterAll(async () => await server.stop());
beforeEach(async () => {
  for (const table of [...ROLLED_UP_TABLES, 'erasures', 'dead_letters'])
    await server.migrator.command(`TRUNCATE TABLE ${table}`);
  sent = withoutCopies(randomEvents(seededRandom(seed), 400, from, 2 * DAY_MS));
  await server.writer.insertBlock('events', [ndjson(sent)]);
  await rollUp();
});

/** `events` keeps the copy received first, and states are made anew from it: what another copy said is lost with the state. */
function withoutCopies(rows: readonly EventRow[]): EventRow[] {
  return [...new Map(rows.map((row) => [row.event_id, row])).values()];
}

async function rollUp(): Promise<void> {
  const log = createLogger('test', 'warn');
  await createRollup({ clickhouse: server.reporter, metrics: createReporterMetrics(), log }).run(never);
}

async function wish(at = requestedAt): Promise<void> {
  await server.writer.insertBlock('erasures', [ndjson([{ ...person, requested_at: at }])]);
}

async function erase(clickhouse: ClickHouse = server.reporter): Promise<void> {
  const log = createLogger('test', 'silent');
  await createEraser({ clickhouse, metrics: createReporterMetrics(), log }).run(never);
}

function isErased(row: EventRow): boolean {
  return (
    row.project_id === person.project_id &&
    row.user_key === person.user_key &&
    row.user_kind !== 'none' &&
    row.received_at < requestedAt
  );
}

async function remaining(): Promise<number> {
  const [row] = await server.reporter.query<{ n: string }>(
    `SELECT count() AS n FROM events WHERE project_id = {project_id:String} AND user_key = {user_key:UInt64}
     AND user_kind != 'none' AND received_at < fromUnixTimestamp64Milli({at:Int64}, 'UTC')`,
    { ...person, at: requestedAt },
  );
  return Number(row?.n);
}

async function wishes(): Promise<{ done: number }[]> {
  return await server.reporter.query(`SELECT done_at >= requested_at AS done FROM erasures FINAL`);
}

async function expectForgotten(): Promise<void> {
  expect(await remaining()).toBe(0);
  const kept = sent.filter((row) => !isErased(row));
  const found = await readRolledUp(server.reporter);
  const expected = expectedRolledUp(kept, [], await finishedRuns(server.reporter));
  expect(found.rates, `seed ${seed}`).toEqual(expected.rates);
  expect(found.userDays, `seed ${seed}`).toEqual(expected.userDays);
  expect(await readSignals(server.reporter), `seed ${seed}`).toEqual(
    expectedSignals(kept, [], await finishedRuns(server.reporter)),
  );
  await expectWindowsOfDays();
  expect(await wishes()).toEqual([{ done: 1 }]);
  const left = `SELECT name FROM system.tables WHERE database = 'tacit_work' AND (startsWith(name, 'erase_') OR startsWith(name, 'rollup_'))`;
  expect(await server.migrator.query(left)).toEqual([]);
}

/** Figures of the window that holds the days, and of the days, are those of the persons' days as they are now. */
async function expectWindowsOfDays(): Promise<void> {
  const figures = `project_id, toString(level) AS of_level, prompt_id, model, prompt_version, model_version, surface, trusted, persons, mature, taken, shown, rejected`;
  const stored = async (sql: string) => await server.reporter.query(`${sql} ORDER BY ALL`);
  const levels = ['cell', 'version', 'prompt', 'project'].map(
    (level) =>
      `SELECT ${figures} FROM rate_levels(project = '', from = toDate(now(), 'UTC') - 89, to = toDate(now(), 'UTC') + 1, level = '${level}')`,
  );
  expect(await stored(`SELECT ${figures} FROM rate_windows WHERE window_days = 90`)).toEqual(
    await stored(`SELECT * FROM (${levels.join(' UNION ALL ')})`),
  );
  const days = await stored(`SELECT day, sum(shown) AS n FROM rate_days WHERE level = 'project' GROUP BY day`);
  expect(days).toEqual(
    await stored(`SELECT toDate(r.hour) AS day, toUInt64(sum(r.shown)) AS n FROM rates AS r GROUP BY day`),
  );
}

test('events, states and figures of a person go; of shared generations the rest stays', async () => {
  expect(sent.some(isErased)).toBe(true);
  const shared = new Set(sent.filter(isErased).map(({ generation_id }) => generation_id));
  expect(sent.some((row) => !isErased(row) && row.project_id === 'mixed' && shared.has(row.generation_id))).toBe(true);
  await wish();
  await erase();
  await expectForgotten();
});

test('a second pass changes nothing, and so does the same wish once more', async () => {
  await wish();
  await erase();
  await wish();
  await erase();
  await expectForgotten();
});

test('an event of before the wish that arrives after the pass is erased by a later one', async () => {
  await wish();
  await erase();
  const late = sent.filter(isErased).slice(0, 5);
  await server.writer.insertBlock('events', [ndjson(late)]);
  expect(await remaining()).toBe(5);
  await erase();
  await expectForgotten();
});

test('a later wish of the same person erases what came between, also when it arrives after a pass', async () => {
  await wish(requestedAt - DAY_MS / 2);
  await erase();
  expect(await remaining()).toBeGreaterThan(0);
  await wish();
  await erase();
  await expectForgotten();
});

test.each(['ALTER TABLE generations DELETE', 'INSERT INTO events SELECT', 'INSERT INTO dirty_days'])(
  'a pass that dies at "%s" is finished by the next one',
  async (statement) => {
    await wish();
    const proxy = await startStatementProxy(server.url);
    const clickhouse = createClickHouse({ ...server.connections.reporter, url: proxy.url });
    const held = proxy.hold(new RegExp(statement));
    const dying = erase(clickhouse).catch((error: unknown) => error);
    (await held).cut();
    expect(await dying).toBeInstanceOf(Error);
    await clickhouse.close();
    await proxy.close();
    expect((await wishes())[0]?.done).not.toBe(1);
    await erase();
    await expectForgotten();
  },
);

test('of days too old to be computed again the counts stay, and the person goes', async () => {
  const old = Date.now() - 380 * DAY_MS;
  const day = dayName(old);
  await server.reporter.command(
    `INSERT INTO user_days (project_id, day, user_kind, user_key, shown) VALUES ('mixed', '${day}', 'user', ${person.user_key}, 1), ('mixed', '${day}', 'user', 5, 1)`,
  );
  await wish();
  await erase();
  expect(await server.reporter.query(`SELECT user_key FROM user_days WHERE day = '${day}'`)).toEqual([
    { user_key: '5' },
  ]);
});

test('what waits among the dead letters goes too', async () => {
  const letter = (user_key: string, position: string) => ({
    project_id: 'mixed',
    position,
    target: 'events',
    reason: 'rejected_row',
    detail: '',
    row: JSON.stringify(blankEvent({ project_id: 'mixed', user_key, user_kind: 'user' })),
    first_seen: requestedAt - 1,
    last_seen: requestedAt - 1,
  });
  await server.writer.insertBlock('dead_letters', [
    ndjson([letter(person.user_key, 'log:0:0:1'), letter('5', 'log:0:0:2')]),
  ]);
  await wish();
  await erase();
  expect(await server.migrator.query(`SELECT position FROM dead_letters FINAL`)).toEqual([{ position: 'log:0:0:2' }]);
});

test('two reporters at once erase once, and well', async () => {
  await wish();
  await Promise.all([erase(), erase()]);
  await expectForgotten();
});
