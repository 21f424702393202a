// The simulation itself, in its short form: real tables, roll-up, looks and verdicts, in processes of their own.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { insertDay } from '../../scripts/simulate/day-events.js';
import { SCENARIOS } from '../../scripts/simulate/scenarios.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { mondayAgo } from '../support/days.js';
import { makeTempDir } from '../support/temp-dir.js';

const MAIN = path.join(projectRoot, 'dist', 'scripts', 'simulate', 'main.js');
const RUN_MS_MAX = 600_000;

const temp = makeTempDir('simulate-test');
let clickhouse: TestClickHouse;

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
});

afterAll(async () => {
  await clickhouse.stop();
  temp.remove();
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs it with a temporary directory of the test's own; `interruptAt` is what it must have said before it gets a Ctrl-C. */
async function simulate(args: readonly string[], interruptAt?: string): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, TMPDIR: temp.dir } });
  let [out, err, interrupted] = ['', '', false];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => {
    err += bytes.toString();
    if (interruptAt === undefined || interrupted || !err.includes(interruptAt)) return;
    interrupted = child.kill('SIGINT');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err };
}

test(
  'persons who return, drops of five points and many cells are judged as they are, and nothing is left behind',
  async () => {
    const { code, out, err } = await simulate(['--short', '--scenario', 'returning,mix,cells,power']);
    expect(code, `${out}\n${err}`).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines.slice(1, 5).map((line) => line.split(/ +/).slice(0, 4))).toEqual([
      ['returning', '20', '12', '57600'],
      ['mix', '20', '12', '57600'],
      ['cells', '4', '12', '86400'],
      ['power', '10', '12', '144000'],
    ]);
    expect(lines.at(-1)).toBe('Every mark is reached.');
    expect(readdirSync(temp.dir)).toEqual([]);
  },
  RUN_MS_MAX,
);

test('a missed mark ends with exit code 1 and its name', async () => {
  const { code, out, err } = await simulate(['--scenario', 'power', '--seeds', '2', '--looks', '1']);
  expect(code, `${out}\n${err}`).toBe(1);
  expect(out).toMatch(/Missed: power: found \d+\.\d %, at least 80 % asked/);
});

test('Ctrl-C ends it and leaves nothing behind', async () => {
  const { code, err } = await simulate(['--scenario', 'independent', '--seeds', '5'], 'look 1 of 60');
  expect(code, err).toBe(130);
  expect(err).toContain('Interrupted; nothing is left behind.');
  expect(readdirSync(temp.dir)).toEqual([]);
});

test('what it does not understand is told in one line', async () => {
  const { code, out, err } = await simulate(['--scenario', 'nothing']);
  expect([code, out, err.trimEnd().split('\n').length]).toEqual([1, '', 1]);
  expect(err).toContain('--scenario: there is no nothing');
});

test('the same salt makes the same events, received on their days, and no generation twice', async () => {
  const scenario = SCENARIOS.find(({ name }) => name === 'immature');
  if (scenario === undefined) throw new Error('the scenario is gone');
  const day = { scenario, seeds: 2, salt: 7, first: mondayAgo(40), lastDay: 1 };
  await clickhouse.migrator.command('SYSTEM STOP MERGES events');
  for (const received of [0, 1, 2, 3, 4]) {
    await insertDay(clickhouse.migrator, { ...day, received });
    await insertDay(clickhouse.migrator, { ...day, received });
  }
  const [found] = await clickhouse.migrator.query(
    `SELECT count() AS rows, uniqExact(event_id) AS events, uniqExact(generation_id) AS generations,
        countIf(received_at < occurred_at) AS before, uniqExact(toDate(received_at)) AS days,
        uniqExact(user_key) AS persons, uniqExactIf(generation_id, event_type = 'shown') AS shown FROM events`,
  );
  const { rows, events, ...rest } = found as { rows: string; events: string };
  expect(Number(rows)).toBe(2 * Number(events));
  // two projects, two days, two arms, forty persons, three generations
  expect(rest).toEqual({ generations: '960', shown: '960', before: '0', days: '4', persons: '320' });
});
