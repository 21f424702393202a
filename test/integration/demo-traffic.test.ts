// Synthetic traffic on the whole chain: collector, disk log, sink, ClickHouse and reporter as processes. Are the intervals
// that the product prints intervals for the true rates, and do duplicates, retries and disorder leave the figures as they are?
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClickHouse, type ClickHouse } from '../../shared/runtime/clickhouse.js';
import { readProjects } from '../../scripts/projects/file.js';
import { compareRates, coverageOf } from '../../scripts/demo-traffic/compare.js';
import { fullHour, makeGenerations, type Generation } from '../../scripts/demo-traffic/generations.js';
import { readRates } from '../../scripts/demo-traffic/measured-rates.js';
import { drawPopulation } from '../../scripts/demo-traffic/population.js';
import { makeTraffic, sendTraffic, tallyProblems, type Traffic } from '../../scripts/demo-traffic/traffic.js';
import { eventually } from '../support/eventually.js';
import { startInstance, type Instance } from '../support/instance.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** W + L of a project that says nothing else. */
const MATURE_AFTER_MS = 3 * DAY_MS;
const SIZE = { generations: 1500, days: 28 };
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const ROUGH = 'rough';
const PLAIN = 'plain';

/** Everything of the ten seeds is mature from the start, so that the figures do not depend on when they are judged. */
const matureNow = fullHour(Date.now() - MATURE_AFTER_MS - 8 * HOUR_MS);
const seeded = SEEDS.map((seed) => ({
  project: `seed-${seed}`,
  traffic: makeTraffic({ ...SIZE, seed, now: matureNow }, true),
}));
const compared = { ...SIZE, seed: 11, now: hourWithoutBorder() };
const rough = makeTraffic(compared, true);
const plain = makeTraffic(compared, false);

let instance: Instance;
let clickhouse: ClickHouse;

/**
 * A full hour of late for which no generation becomes final just while the two projects are sent: whether an event came after
 * its outcome was final depends on the minute of its receipt, and that is not the same for both.
 */
function hourWithoutBorder(): number {
  const border = Date.now() - MATURE_AFTER_MS;
  for (let now = fullHour(Date.now()); ; now -= HOUR_MS) {
    const plan = { ...SIZE, seed: 11, now };
    const generations = makeGenerations(drawPopulation(plan.seed, plan.generations), plan);
    const near = ({ shownAt }: Generation) => shownAt !== undefined && Math.abs(shownAt - border) < 8 * 60_000;
    if (!generations.some(near)) return now;
  }
}

beforeAll(async () => {
  const projects = [...seeded.map(({ project }) => project), ROUGH, PLAIN];
  instance = await startInstance({ projects: projects.map((id) => ({ id })) });
  const file = path.join(instance.dataDir, 'clickhouse', 'connection.json');
  const { url, database, users } = JSON.parse(readFileSync(file, 'utf8')) as {
    url: string;
    database: string;
    users: { migrator: { user: string; password: string } };
  };
  clickhouse = createClickHouse({ url, database, ...users.migrator });
  for (const { project, traffic } of seeded) await send(project, traffic);
  await send(ROUGH, rough);
  await send(PLAIN, plain);
  for (const { project, traffic } of [
    ...seeded,
    { project: ROUGH, traffic: rough },
    { project: PLAIN, traffic: plain },
  ])
    await eventually(
      () => storedEvents(project),
      (stored) => stored === trueEventCount(traffic),
      60_000,
    );
  await eventually(waitingDays, (days) => days === 0, 90_000);
}, 300_000);

afterAll(async () => {
  await clickhouse?.close();
  await instance?.dispose();
});

async function send(project: string, traffic: Traffic): Promise<void> {
  const secrets = instance.secrets.get(project);
  if (secrets === undefined) throw new Error(`no secrets of ${project}`);
  const tally = await sendTraffic(traffic, secrets.signingSecret, {
    collector: instance.run.collector,
    serverKey: secrets.serverKey,
    concurrency: 8,
    onProgress: () => undefined,
  });
  expect(tallyProblems(tally, traffic.mail)).toEqual([]);
}

function trueEventCount({ generations }: Traffic): number {
  return generations.reduce((sum, { events }) => sum + events.length, 0);
}

async function storedEvents(project: string): Promise<number> {
  const [row] = await clickhouse.query<{ n: string }>(
    'SELECT uniqExact(event_id) AS n FROM events WHERE project_id = {project:String}',
    { project },
  );
  return Number(row?.n);
}

/** Days with events that came after their last roll-up. */
async function waitingDays(): Promise<number> {
  const [row] = await clickhouse.query<{ n: string }>(
    `SELECT countIf(newest >= as_of) AS n FROM
       (SELECT day, max(last_ingested_at) AS newest FROM dirty_days GROUP BY day) AS d
       LEFT JOIN (SELECT day, as_of FROM rollup_days FINAL) AS r USING (day)`,
  );
  return Number(row?.n);
}

/** What the reporter's API says of a project. */
async function measure(project: string) {
  const secrets = instance.secrets.get(project);
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  const { rates } = await readRates({
    reporter: instance.run.reporter,
    readToken: secrets?.readToken ?? '',
    project,
    from: day(matureNow - SIZE.days * DAY_MS),
    to: day(Date.now() + DAY_MS),
  });
  return rates;
}

describe('ten consecutive seeds', () => {
  test('at least 90 % of all 95 % intervals hold the true rate, and they are not so wide that they must', async () => {
    const cells = [];
    for (const { project, traffic } of seeded) cells.push(...compareRates(traffic.population, await measure(project)));
    const { intervals, held } = coverageOf(cells.map(({ holds }) => holds));
    const mean = coverageOf(cells.map(({ holdsMean }) => holdsMean));
    expect(intervals).toBeGreaterThanOrEqual(400);
    expect(held / intervals, `${held} of ${intervals} hold the true rate`).toBeGreaterThanOrEqual(0.9);
    expect(mean.held / mean.intervals).toBeGreaterThanOrEqual(0.9);
    expect(mean.held / mean.intervals).toBeLessThan(0.99);
  });

  test('every generation is counted once, with the outcome that it was given', async () => {
    for (const { project, traffic } of seeded) {
      const measured = new Map(
        compareRates(traffic.population, await measure(project)).map(({ measured: cell }, index) => [index, cell]),
      );
      for (const index of traffic.population.cells.keys()) {
        const own = traffic.generations.filter(({ cell }) => cell === index);
        const shown = own.filter(({ shownAt }) => shownAt !== undefined);
        const persons = new Set(shown.map(({ person }) => person)).size;
        const taken = shown.filter((generation) => generation.taken).length;
        const cell = measured.get(index);
        expect({ mature: cell?.mature ?? 0, taken: cell?.taken ?? 0, persons: cell?.persons ?? 0 }).toEqual({
          mature: shown.length,
          taken,
          persons,
        });
        const unseen = (cell?.soFar.notShown ?? 0) + (cell?.soFar.orphan ?? 0);
        if (cell !== undefined) expect(unseen).toBe(own.length - shown.length);
      }
    }
  });
});

describe('the same seed with duplicates, retries and disorder and without', () => {
  /** Rows of a table as sorted JSON, without the project and the instant of judgement, persons by their place in the population. */
  async function rowsOf(table: 'rates' | 'user_days', project: string): Promise<string[]> {
    const persons = await personsByKey(project);
    const rows = await clickhouse.query<Record<string, unknown>>(
      `SELECT * EXCEPT (project_id, as_of) FROM ${table} WHERE project_id = {project:String}`,
      { project },
    );
    const readable = rows.map((row) => {
      const similarity = Number(Number(row['mature_similarity_sum']).toFixed(6)); // the order of the sum shows in its last digits
      const person = table === 'user_days' ? { user_key: persons.get(String(row['user_key'])) ?? 'unknown' } : {};
      return JSON.stringify({ ...row, mature_similarity_sum: similarity, ...person });
    });
    return readable.sort();
  }

  /** Each project hashes persons with a key of its own; here a hash is turned back into the person. */
  async function personsByKey(project: string): Promise<Map<string, number>> {
    const file = await readProjects(path.join(instance.dataDir, 'projects.json'));
    const hashKey = file?.projects.find(({ id }) => id === project)?.hashKey;
    if (hashKey === undefined || !('value' in hashKey)) throw new Error(`no hash key of ${project}`);
    return new Map(
      plain.population.persons.map(({ kind, id }, index) => {
        const digest = createHmac('sha256', hashKey.value).update(`${kind}:${id}`).digest();
        return [digest.readBigUInt64BE(0).toString(), index];
      }),
    );
  }

  test('gives equal rows in rates', async () => {
    const rows = await rowsOf('rates', PLAIN);
    expect(rows.length).toBeGreaterThan(1000);
    expect(await rowsOf('rates', ROUGH)).toEqual(rows);
  });

  test('gives equal rows in user_days, each of a person that was drawn', async () => {
    const rows = await rowsOf('user_days', PLAIN);
    expect(rows.length).toBeGreaterThan(1000);
    expect(rows.filter((row) => row.includes('unknown'))).toEqual([]);
    expect(await rowsOf('user_days', ROUGH)).toEqual(rows);
  });

  test('although decisions came more than once, with different times', async () => {
    const retimed = async (project: string) => {
      const [row] = await clickhouse.query<{ n: string }>(
        `SELECT sum(length(d) - arrayUniq(arrayMap(x -> x.5, d))) AS n FROM
           (SELECT groupUniqArrayArray(decisive) AS d FROM generations WHERE project_id = {project:String} GROUP BY hour, generation_id)`,
        { project },
      );
      return Number(row?.n);
    };
    expect(await retimed(PLAIN)).toBe(0);
    expect(await retimed(ROUGH)).toBeGreaterThan(20);
  });
});
