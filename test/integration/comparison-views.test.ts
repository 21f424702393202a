// The views comparison_history and comparison_verdicts on looks made by hand and at random, against an oracle of their own.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { ndjson } from '../support/random-events.js';
import { seededRandom } from '../support/random.js';
import { knownOf, logE, type Known, type LookFixture } from '../support/verdict-oracle.js';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 8, 1);
const WORSE = { difference: -0.1, standard_error: 0.015 };
const BETTER = { difference: 0.1, standard_error: 0.015 };
const EQUAL = { difference: 0, standard_error: 0.015 };

let clickhouse: TestClickHouse;

beforeAll(async () => {
  clickhouse = await startTestClickHouse({ projects: ['acme', 'bolt'] });
});
afterAll(async () => {
  await clickhouse.stop();
});
beforeEach(async () => {
  await clickhouse.migrator.command('TRUNCATE TABLE tacit.comparison_looks');
});

function look(
  comparison_id: string,
  day: number,
  rest: Omit<LookFixture, 'comparison_id' | 'look_at'>,
  hour = 4,
): LookFixture {
  return { comparison_id, look_at: Math.floor(START + day * DAY_MS + hour * 3_600_000), ...rest };
}

async function store(looks: readonly LookFixture[]): Promise<void> {
  const rows = looks.map((each) => ({
    project_id: 'acme',
    family: 'f',
    tier: 'T1',
    tau: 0.05,
    alpha: 0.05,
    log_e: logE(each),
    ...each,
    gates: each.gates ?? [],
  }));
  await clickhouse.reporter.insertBlock('tacit.comparison_looks', [ndjson(rows)]);
}

type Stored = Omit<Known, 'live'> & { readonly live: number; readonly flagged: number };

const COLUMNS = `comparison_id, toUInt32(day) AS day, p, p_adjusted, toUInt32(family_size) AS family_size,
  toUInt32(family_flagged) AS family_flagged, live, flagged, toUInt32(flagged_since) AS flagged_since, direction, low, high, verdict`;

async function history(project = 'acme'): Promise<Stored[]> {
  return await clickhouse.reporter.query<Stored>(
    `SELECT * FROM (SELECT ${COLUMNS} FROM tacit.comparison_history WHERE project_id = {project:String}) ORDER BY day, comparison_id`,
    { project },
  );
}

/** Asks the view and the oracle, and returns what both say by comparison and day counted from the start. */
async function agreed(looks: readonly LookFixture[]): Promise<Map<string, Stored>> {
  await store(looks);
  const expected = knownOf(looks).sort((a, b) => a.day - b.day || (a.comparison_id < b.comparison_id ? -1 : 1));
  const found = await history();
  expect(found.length).toBe(expected.length);
  const close = (x: number | null) => (x === null ? null : (expect.closeTo(x, 10) as number));
  for (const [index, known] of expected.entries())
    expect(found[index], `${known.comparison_id} on day ${known.day - START / DAY_MS}`).toEqual({
      ...known,
      p: close(known.p),
      p_adjusted: close(known.p_adjusted),
      low: close(known.low),
      high: close(known.high),
      live: known.live ? 1 : 0,
      flagged: known.flagged_since === null ? 0 : 1,
    });
  return new Map(found.map((row) => [`${row.comparison_id} ${row.day - START / DAY_MS}`, row]));
}

const day = (n: number) => START / DAY_MS + n;

describe('the look of a day', () => {
  test('is the earliest one, whatever is repeated after it', async () => {
    const rows = await agreed([look('c', 0, EQUAL), look('c', 0, WORSE, 5), look('c', 0, WORSE, 23)]);
    expect(rows.get('c 0')).toMatchObject({ flagged: 0, verdict: 'no_large_drop' });
    expect(rows.size).toBe(1);
  });

  test('repeated as it is, by two reporters, changes nothing', async () => {
    await agreed([look('c', 0, EQUAL), look('c', 0, EQUAL), look('c', 1, WORSE), look('c', 1, WORSE)]);
  });

  test('is found on its own day when the clock was set back', async () => {
    const rows = await agreed([look('c', 3, WORSE), look('c', 1, EQUAL), look('c', 3, EQUAL, 9)]);
    expect(rows.get('c 1')).toMatchObject({ flagged: 0 });
    expect(rows.get('c 3')).toMatchObject({ flagged: 1, flagged_since: day(3) });
  });

  test('lies on its UTC day up to the last millisecond', async () => {
    const last = { ...look('c', 1, WORSE), look_at: START + DAY_MS - 1 };
    const rows = await agreed([last, { ...last, look_at: START + DAY_MS }]);
    expect([...rows.keys()]).toEqual(['c 0', 'c 1']);
  });
});

describe('p', () => {
  test('never rises again, and carries over days that were missed', async () => {
    const rows = await agreed([look('c', 0, WORSE), look('c', 9, EQUAL), look('c', 10, EQUAL)]);
    expect(rows.get('c 10')?.p).toBe(rows.get('c 0')?.p);
    expect(rows.get('c 10')).toMatchObject({
      direction: 'worse',
      flagged_since: day(0),
      verdict: 'not_enough_evidence',
    });
  });

  test('is 1 while a gate fails, and for a look that goes before and after', async () => {
    const rows = await agreed([
      look('gated', 0, { ...WORSE, gates: ['sample_ratio'] }),
      look('later', 0, { ...WORSE, tier: 'T3', gates: ['before_after'] }),
    ]);
    expect(rows.get('gated 0')).toMatchObject({ p: 1, live: 0, verdict: 'cannot_compare' });
    expect(rows.get('later 0')).toMatchObject({ p: 1, live: 0, verdict: 'before_after' });
  });

  test('of several comparisons is adjusted over those without a look of the day too', async () => {
    const weak = { difference: -0.06, standard_error: 0.018 };
    const rows = await agreed([look('a', 0, EQUAL), look('b', 0, EQUAL), look('c', 1, weak)]);
    expect(rows.get('c 1')).toMatchObject({ family_size: 3, flagged: 0 });
    expect((rows.get('c 1')?.p ?? 0) * 3).toBeCloseTo(rows.get('c 1')?.p_adjusted ?? 0, 12);
  });
});

describe('a flag', () => {
  test('stays with its first day and direction when today says otherwise', async () => {
    const rows = await agreed([
      look('c', 0, WORSE),
      look('c', 1, { difference: 0.01, standard_error: 0.02 }),
      look('c', 2, BETTER),
    ]);
    expect(rows.get('c 1')).toMatchObject({
      direction: 'worse',
      flagged_since: day(0),
      verdict: 'not_enough_evidence',
    });
    expect(rows.get('c 2')).toMatchObject({ direction: 'worse', flagged_since: day(0), verdict: 'better' });
  });

  test('has the direction of the look that its p came from, also when the family lets it in later', async () => {
    const clear = { difference: -0.06, standard_error: 0.018 };
    const rows = await agreed([
      look('c', 0, clear),
      ...['x', 'y', 'z'].map((id) => look(id, 0, EQUAL)),
      look('c', 20, { difference: 0.02, standard_error: 0.0165 }),
    ]);
    expect(rows.get('c 0')).toMatchObject({ flagged: 0, family_size: 4 });
    expect(rows.get('c 20')).toMatchObject({ flagged: 1, family_size: 1, direction: 'worse', flagged_since: day(20) });
  });

  test('stays when the family grows, and its interval widens with the family', async () => {
    const clear = { difference: -0.06, standard_error: 0.016 };
    const many = Array.from({ length: 20 }, (_, n) => look(`x${n}`, 1, EQUAL));
    const rows = await agreed([look('c', 0, clear), look('c', 1, clear), ...many]);
    expect(rows.get('c 1')).toMatchObject({ flagged: 1, flagged_since: day(0), family_size: 21, family_flagged: 1 });
    expect(rows.get('c 1')?.low).toBeLessThan(rows.get('c 0')?.low ?? 0);
  });

  test('on randomised traffic is worse or better, on other traffic lower or higher', async () => {
    const rows = await agreed([
      look('a', 0, WORSE),
      look('b', 0, BETTER),
      look('c', 0, { ...WORSE, tier: 'T2' }),
      look('d', 0, { ...BETTER, tier: 'T2' }),
    ]);
    expect(['a 0', 'b 0', 'c 0', 'd 0'].map((key) => rows.get(key)?.verdict)).toEqual([
      'worse',
      'better',
      'lower',
      'higher',
    ]);
  });
});

describe('the family', () => {
  test('has a member from the day its gates first pass until 14 days went by without', async () => {
    const gated = { ...EQUAL, gates: ['too_few_persons'] };
    const rows = await agreed([
      look('c', 0, gated),
      look('c', 1, EQUAL),
      ...Array.from({ length: 20 }, (_, n) => look('c', 2 + n, gated)),
      look('c', 30, EQUAL),
    ]);
    expect(rows.get('c 0')).toMatchObject({ live: 0, family_size: 0 });
    expect(rows.get('c 1')).toMatchObject({ live: 1, family_size: 1 });
    expect(rows.get('c 15')).toMatchObject({ live: 1, family_size: 1 });
    expect(rows.get('c 16')).toMatchObject({ live: 0, family_size: 0 });
    expect(rows.get('c 30')).toMatchObject({ live: 1, family_size: 1 });
  });

  test('loses a member without looks after the same 14 days', async () => {
    const rows = await agreed([look('gone', 0, EQUAL), look('c', 14, EQUAL), look('c', 15, EQUAL)]);
    expect(rows.get('c 14')).toMatchObject({ family_size: 2 });
    expect(rows.get('c 15')).toMatchObject({ family_size: 1 });
  });

  test('is one of a project: others of the same name do not count', async () => {
    await store([
      look('c', 0, EQUAL),
      { ...look('c', 0, WORSE), project_id: 'bolt' },
      { ...look('d', 0, WORSE), family: 'g' },
    ]);
    expect(await history()).toMatchObject([
      { comparison_id: 'c', family_size: 1, flagged: 0 },
      { comparison_id: 'd', family_size: 1, flagged: 1 },
    ]);
    const own = await clickhouse.analyst('bolt').query('SELECT project_id, verdict FROM tacit.comparison_verdicts');
    expect(own).toEqual([{ project_id: 'bolt', verdict: 'worse' }]);
  });
});

test.each([1, 2, 3, 4, 5, 6])('looks made at random, seed %d, say what the definition says', async (seed) => {
  const random = seededRandom(seed);
  const ids = Array.from({ length: 12 }, (_, n) => `c${n}`);
  const drift = new Map(ids.map((id) => [id, random.pick([0, 0, 0, -0.05, 0.05])]));
  const looks = Array.from({ length: 260 }, () => {
    const id = random.pick(ids);
    const at = random.below(45);
    const error = 0.2 / Math.sqrt(10 + 8 * at);
    return look(
      id,
      at,
      {
        difference: (drift.get(id) ?? 0) + 4 * error * (random.next() - 0.5),
        standard_error: random.chance(0.03) ? 0 : error,
        tier: random.chance(0.05) ? 'T3' : random.pick(['T1', 'T2']),
        gates: random.chance(0.3) ? ['too_few_persons'] : [],
      },
      random.next() * 24,
    );
  });
  await agreed(looks);
});

test('the newest look of each comparison is its verdict', async () => {
  await store([look('a', 0, WORSE), look('a', 3, EQUAL), look('b', 1, BETTER)]);
  const rows = await clickhouse
    .analyst('acme')
    .query(`SELECT comparison_id, toUInt32(day) AS day, verdict FROM tacit.comparison_verdicts ORDER BY comparison_id`);
  expect(rows).toEqual([
    { comparison_id: 'a', day: day(3), verdict: 'not_enough_evidence' },
    { comparison_id: 'b', day: day(1), verdict: 'better' },
  ]);
});
