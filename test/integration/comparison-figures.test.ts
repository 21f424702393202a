// ClickHouse and TypeScript compute the same: difference, standard error, E-value, interval and adjusted p of looks, to 1e-9.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectSchema } from '../../shared/contract/projects.js';
import { takeLooks } from '../../services/reporter/comparisons/take-looks.js';
import { anytimeP, halfWidth, logE, runningMinimum } from '../../services/reporter/statistics/confidence-sequence.js';
import { benjaminiHochberg } from '../../services/reporter/statistics/multiple-tests.js';
import { seededRandom } from '../../services/reporter/statistics/random.js';
import { stratifiedDifference, type PersonRow } from '../../services/reporter/statistics/stratified-difference.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { DAY_MS, dayName, mondayAgo } from '../support/days.js';
import { ndjson } from '../support/random-events.js';

/** A Thursday, so that a week ends inside, ms. */
const START = mondayAgo(39) + 3 * DAY_MS;
const SPAN_MS = 3 * DAY_MS;
const DAYS = 10;
const FIRST_LOOK = 2;
const PERSONS = 160;
/** What B adds to the chance of each generation, one experiment each. */
const EFFECTS = [0, -0.35, 0.1, -0.12, 0.3, 0];

interface Row extends PersonRow {
  readonly day: number;
  readonly experiment: string;
  readonly prompt: string;
  readonly surface: string;
}

/** Persons return, differ from each other, and every tenth is of both arms; each experiment has four mixed strata a week. */
function randomRows(): Row[] {
  const random = seededRandom(20_261_124);
  const rows: Row[] = [];
  for (const [e, effect] of EFFECTS.entries())
    for (let person = 0; person < PERSONS; person++) {
      const level = 0.2 + 0.5 * random();
      for (let day = 0; day < DAYS; day++) {
        if (random() < 0.4) continue;
        const arm = (person + (person % 10 === 0 ? day : 0)) % 2 === 0 ? 'A' : 'B';
        const [prompt, surface] = [`p${random() < 0.3 ? 1 : 0}`, random() < 0.5 ? 'web' : 'ide'];
        const chance = level + (arm === 'B' ? effect : 0) - (prompt === 'p1' ? 0.1 : 0);
        const n = 1 + Math.floor(4 * random());
        const y = Array.from({ length: n }, () => (random() < chance ? 1 : 0)).filter((won) => won === 1).length;
        const week = Math.floor((START / DAY_MS + day + 3) / 7);
        rows.push({
          day,
          experiment: `e${e}`,
          prompt,
          surface,
          person,
          stratum: `${prompt} ${surface} ${week}`,
          arm,
          n,
          y,
        });
      }
    }
  return rows;
}

const rows = randomRows();
const date = (day: number) => dayName(START + day * DAY_MS);

interface Found {
  readonly experiment: string;
  readonly day: string;
  readonly live: number;
  readonly gates: readonly string[];
  readonly difference: number;
  readonly standard_error: number;
  readonly log_e: number;
  readonly tau: number;
  readonly alpha_used: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
  readonly p_adjusted: number;
  readonly persons: string;
}

let server: TestClickHouse;
let found: Found[];

beforeAll(async () => {
  server = await startTestClickHouse();
  const stored = rows.map(({ day, person, n, y, arm, experiment, prompt, surface }) => ({
    project_id: 'acme',
    day: date(day),
    prompt_id: prompt,
    surface,
    metric_version: 'default',
    user_kind: 'user',
    user_key: Number(person) + 1,
    experiment,
    arm,
    assignment: 'randomised:user',
    shown: n,
    accepted: y,
    mature: n,
    mature_accepted: y,
    as_of: START + (day + 1) * DAY_MS + SPAN_MS,
  }));
  await server.migrator.insertBlock('user_days', [ndjson(stored)]);
  const projects = [projectSchema.parse({ id: 'acme', hashKey: { value: 'x'.repeat(16) } })];
  for (let day = FIRST_LOOK; day < DAYS; day++)
    await takeLooks(server.reporter, projects, START + (day + 1) * DAY_MS + SPAN_MS, new AbortController().signal);
  found = await server.reporter.query<Found>(
    `SELECT c.experiment AS experiment, toString(h.to_day) AS day, toUInt8(h.live) AS live, h.gates AS gates, h.difference AS difference,
        h.standard_error AS standard_error, h.log_e AS log_e, h.tau AS tau, h.alpha_used AS alpha_used, assumeNotNull(h.low) AS low,
        assumeNotNull(h.high) AS high, h.p AS p, h.p_adjusted AS p_adjusted, h.persons AS persons
     FROM comparison_history AS h
     INNER JOIN (SELECT comparison_id, a['experiment'] AS experiment FROM comparisons FINAL) AS c ON c.comparison_id = h.comparison_id
     WHERE h.kind = 'experiment' ORDER BY experiment, day`,
  );
});

afterAll(async () => await server.stop());

/** Equal to a relative 1e-9. */
function agree(name: string, one: Found, computed: number | undefined, stored: number): void {
  const apart = Math.abs((computed ?? Number.NaN) - stored);
  expect(apart, `${name} of ${one.experiment} on ${one.day}: ${computed} and ${stored}`).toBeLessThanOrEqual(
    1e-9 * Math.max(1e-3, Math.abs(stored)),
  );
}

test('every experiment has a look for each day, and nearly all pass their gates', () => {
  expect(found.length).toBe(EFFECTS.length * (DAYS - FIRST_LOOK));
  expect(
    found.filter(({ gates }) => gates.length > 0).map(({ experiment, day, gates }) => ({ experiment, day, gates })),
  ).toEqual([]);
});

test('difference, standard error, persons, E-value and interval agree', () => {
  for (const one of found) {
    const own = stratifiedDifference(
      rows.filter(({ experiment, day }) => experiment === one.experiment && date(day) <= one.day),
    );
    const standardError = own?.standardError ?? Number.NaN;
    agree('difference', one, own?.difference, one.difference);
    agree('standard error', one, standardError, one.standard_error);
    expect(Number(one.persons)).toBe(own?.persons);
    const difference = own?.difference ?? Number.NaN;
    agree('log E', one, logE({ difference, standardError }, one.tau), one.log_e);
    const half = halfWidth(standardError, one.tau, one.alpha_used) ?? Number.NaN;
    agree('low', one, difference - half, one.low);
    agree('high', one, difference + half, one.high);
  }
});

test('running minimum and adjusted p agree over the family of each day', () => {
  const p = new Map<Found, number>();
  for (const experiment of new Set(found.map((one) => one.experiment))) {
    const own = found.filter((one) => one.experiment === experiment);
    const minima = runningMinimum(own.map(({ gates, log_e: e }) => (gates.length > 0 ? 1 : anytimeP(e))));
    own.forEach((one, index) => {
      p.set(one, minima[index] ?? Number.NaN);
      agree('p', one, minima[index], one.p);
    });
  }
  const spread = new Set<boolean>();
  for (const day of new Set(found.map((one) => one.day))) {
    const family = found.filter((one) => one.day === day && Number(one.live) === 1);
    const adjusted = benjaminiHochberg(family.map((one) => p.get(one) ?? Number.NaN));
    family.forEach((one, index) => {
      agree('adjusted p', one, adjusted[index], one.p_adjusted);
      spread.add(one.p_adjusted <= 0.05);
    });
  }
  // Some are found and some are not, or the comparison would show little.
  expect(spread.size).toBe(2);
});
