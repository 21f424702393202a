// Looks on a real ClickHouse: which days and persons are read, what is found, what is appended.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { projectSchema } from '../../../../shared/contract/projects.js';
import { LEFT_OVER_AGE_MS, removeOldLookTables } from '../../../../services/reporter/comparisons/look-tables.js';
import { takeLooks, type ComparedProject } from '../../../../services/reporter/comparisons/take-looks.js';
import { blankEvent, ndjson } from '../../../support/random-events.js';
import { startStatementProxy } from '../../../support/statement-proxy.js';
import { createClickHouse } from '../../../../shared/runtime/clickhouse.js';
import { startTestClickHouse, type TestClickHouse } from '../../../support/clickhouse.js';
import { DAY_MS, dayName, mondayAgo } from '../../../support/days.js';

const START = mondayAgo(39);
const SPAN_MS = 3 * DAY_MS;
const never = new AbortController().signal;

let server: TestClickHouse;
beforeAll(async () => {
  server = await startTestClickHouse();
});
afterAll(async () => await server.stop());
afterEach(async () => {
  for (const table of ['user_days', 'comparisons', 'comparison_looks', 'metric_settings', 'events'])
    await server.migrator.command(`TRUNCATE TABLE ${table}`);
});

function project(id: string, comparisons: object = {}): ComparedProject {
  return projectSchema.parse({ id, hashKey: { value: 'x'.repeat(16) }, comparisons });
}

interface Row {
  readonly day: number;
  readonly person: number;
  readonly n: number;
  readonly y: number;
  readonly [column: string]: string | number;
}

/** Rows of `user_days` as a roll-up at the end of W + L writes them. */
async function store(rows: readonly Row[], over: Record<string, unknown> = {}): Promise<void> {
  const lines = rows.map(({ day, person, n, y, ...columns }) =>
    JSON.stringify({
      project_id: 'acme',
      day: dayName(START + day * DAY_MS),
      prompt_id: 'p',
      surface: 'web',
      metric_version: 'default',
      user_kind: 'user',
      user_key: person,
      shown: n,
      accepted: y,
      mature: n,
      mature_accepted: y,
      as_of: START + (day + 1) * DAY_MS + SPAN_MS,
      ...columns,
      ...over,
    }),
  );
  await server.migrator.insertBlock('user_days', [Buffer.from(lines.join('\n'))]);
}

/** An experiment of two arms: persons 0..persons-1 in A, the rest in B, each with n generations a day. */
function experiment(
  days: number,
  persons: number,
  accepts: (arm: 'A' | 'B', person: number, day: number) => number,
): Row[] {
  return Array.from({ length: days }, (_, day) =>
    Array.from({ length: 2 * persons }, (__, person) => {
      const arm = person < persons ? 'A' : 'B';
      return { day, person, n: 3, y: accepts(arm, person, day), experiment: 'e', arm, assignment: 'randomised:user' };
    }),
  ).flat();
}

interface Look {
  readonly comparison_id: string;
  readonly project_id: string;
  readonly n_b: string;
  readonly persons_a: string;
  readonly tau: number;
  readonly metric_version: string;
  readonly tier: string;
  readonly n_a: string;
  readonly persons: string;
  readonly difference: number;
  readonly standard_error: number;
  readonly log_e: number;
  readonly gates: readonly string[];
  readonly warnings: readonly string[];
  readonly from_day: string;
  readonly to_day: string;
  readonly strata: number;
  readonly figures: Readonly<Record<string, number>>;
}

async function looks(): Promise<Look[]> {
  return await server.reporter.query<Look>(`SELECT * FROM comparison_looks ORDER BY look_at, comparison_id`);
}

const asOf = (day: number) => START + (day + 1) * DAY_MS + SPAN_MS;

test('an experiment without faults passes every gate, and its figures are those of the persons', async () => {
  await store(experiment(10, 40, (arm, person) => (arm === 'A' ? 1 + (person % 2) : person % 2)));
  expect(await takeLooks(server.reporter, [project('acme')], asOf(9), never)).toEqual({ looks: 1 });
  const [look] = await looks();
  expect(look).toMatchObject({ tier: 'T1', n_a: '1200', persons: '80', gates: [], strata: 2 });
});

async function registry(): Promise<Record<string, unknown>[]> {
  return await server.reporter.query(
    `SELECT kind, prompt_id, surface, name_a, name_b, family, tau FROM comparisons FINAL ORDER BY kind, project_id, surface, name_b`,
  );
}

/** Each of `persons` has one row of n = 2, y = 1 on each of the days. */
function rows(days: readonly number[], persons: readonly number[], columns: Record<string, string | number>): Row[] {
  return days.flatMap((day) => persons.map((person) => ({ day, person, n: 2, y: 1, ...columns })));
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

test('the newest version is compared with its predecessor per surface, on days on which both were shown, and only so far as it is concurrent', async () => {
  await store([
    ...rows(range(0, 4), range(0, 30), { prompt_version: '9' }),
    ...rows(range(2, 6), range(30, 60), { prompt_version: '10' }),
    ...rows([0], range(0, 30), { prompt_version: '8' }),
    ...rows(range(0, 2), range(0, 30), { prompt_version: 'x', surface: 'cli' }),
    ...rows(range(2, 6), range(0, 30), { prompt_version: 'y', surface: 'cli' }),
  ]);
  expect(await takeLooks(server.reporter, [project('acme')], asOf(9), never)).toEqual({ looks: 2 });
  expect(await registry()).toEqual([
    {
      kind: 'prompt_version',
      prompt_id: 'p',
      surface: 'cli',
      name_a: 'version x',
      name_b: 'version y',
      family: 'acme/acceptance',
      tau: 0.05,
    },
    {
      kind: 'prompt_version',
      prompt_id: 'p',
      surface: 'web',
      name_a: 'version 9',
      name_b: 'version 10',
      family: 'acme/acceptance',
      tau: 0.05,
    },
  ]);
  const found = await looks();
  const web = found.find(({ n_b }) => n_b !== '0');
  expect(web).toMatchObject({
    tier: 'T2',
    n_a: '120',
    n_b: '120',
    from_day: dayName(START + 2 * DAY_MS),
    to_day: dayName(START + 3 * DAY_MS),
    difference: 0,
  });
  expect(web?.figures['before_after']).toBe(0.5);
  expect(found.find(({ n_b }) => n_b === '0')).toMatchObject({
    tier: 'T3',
    gates: ['no_data', 'before_after'],
    difference: 0,
    standard_error: 0,
    log_e: 0,
  });
});

test('versions whose every generation was put there by arms of one experiment are T1; an arm on both sides makes them T2', async () => {
  const arms = (version: string, arm: string, persons: number[]) =>
    rows([0], persons, { prompt_version: version, experiment: 'e', arm, assignment: 'randomised:user' });
  await store([...arms('1', 'A', range(0, 30)), ...arms('2', 'B', range(30, 60))]);
  await store([...arms('1', 'A', range(0, 30)), ...arms('2', 'B', range(30, 60)), ...arms('2', 'A', [99])], {
    project_id: 'mixed',
  });
  await takeLooks(server.reporter, [project('acme'), project('mixed')], asOf(0), never);
  const versions = await server.reporter.query<{ project_id: string; tier: string }>(
    `SELECT project_id, tier FROM comparison_looks WHERE comparison_id IN (SELECT comparison_id FROM comparisons WHERE kind = 'prompt_version') ORDER BY project_id`,
  );
  expect(versions).toEqual([
    { project_id: 'acme', tier: 'T1' },
    { project_id: 'mixed', tier: 'T2' },
  ]);
});

test('models are compared with the one most used before them, which stays when the use turns', async () => {
  const model = (name: string, days: number[], persons: number[]) =>
    rows(days, persons, { model: 'm', model_version: name });
  await store([
    ...model('old', range(0, 3), range(0, 40)),
    ...model('new', range(2, 4), range(40, 80)),
    ...model('rare', range(0, 4), [90]),
  ]);
  await takeLooks(server.reporter, [project('acme')], asOf(3), never);
  const first = await registry();
  expect(first.map(({ name_a, name_b }) => [name_a, name_b])).toEqual([
    ['model m old', 'model m new'],
    ['model m old', 'model m rare'],
  ]);
  // late events make another model the most used one before
  await store(model('rare', [0], range(100, 300)), { as_of: asOf(5) });
  await takeLooks(server.reporter, [project('acme')], asOf(4), never);
  expect(await registry()).toEqual(first);
  await takeLooks(
    server.reporter,
    [project('acme', { incumbents: { web: { model: 'm', modelVersion: 'new' } } })],
    asOf(5),
    never,
  );
  expect((await registry()).map(({ name_a, name_b }) => `${String(name_a)} ${String(name_b)}`)).toContain(
    'model m new model m old',
  );
});

test('pairs of the projects file are compared within what they do not name', async () => {
  await store([
    ...rows([0], range(0, 30), { model: 'm', surface: 'web', prompt_version: '1' }),
    ...rows([0], range(30, 60), { model: 'm', surface: 'cli', prompt_version: '1' }),
  ]);
  const pairs = [{ a: { surface: 'web' }, b: { surface: 'cli' } }];
  expect(await takeLooks(server.reporter, [project('acme', { pairs })], asOf(0), never)).toEqual({ looks: 1 });
  expect(await registry()).toMatchObject([
    { kind: 'configured', name_a: 'surface web', name_b: 'surface cli', surface: '' },
  ]);
  expect(await looks()).toMatchObject([{ tier: 'T2', strata: 1, n_a: '60', n_b: '60' }]);
});

test('a surface has its own W + L and metric version; rows of other versions and rows judged too early are not read', async () => {
  await server.migrator.command(
    `INSERT INTO metric_settings (project_id, surface, metric_version, window_s, lateness_s, theta_same, theta_replace)
     VALUES ('acme', 'web', 'quick', 3600, 0, 0.98, 0.3)`,
  );
  const quick = { metric_version: 'quick', as_of: START + 2 * DAY_MS };
  await store(
    experiment(1, 30, () => 1),
    { ...quick, as_of: START + DAY_MS + 3_600_000 },
  );
  await store(
    experiment(2, 30, () => 1).filter(({ day }) => day === 1),
    { ...quick, as_of: START + 2 * DAY_MS + 3_599_999 },
  );
  await store(experiment(1, 30, () => 2));
  await takeLooks(server.reporter, [project('acme')], START + DAY_MS + 3_599_999, never);
  expect(await looks()).toEqual([]);
  await takeLooks(server.reporter, [project('acme')], START + 5 * DAY_MS, never);
  expect(await looks()).toMatchObject([{ metric_version: 'quick', n_a: '90', n_b: '90', to_day: dayName(START) }]);
});

test('what was fixed at the first look stays; the newest setting holds for new comparisons', async () => {
  await store(experiment(2, 30, (_, person) => person % 3));
  await takeLooks(server.reporter, [project('acme', { mde: 0.03 })], asOf(0), never);
  await takeLooks(server.reporter, [project('acme', { mde: 0.1 })], asOf(1), never);
  expect((await looks()).map(({ tau }) => tau)).toEqual([0.03, 0.03]);
});

test('a split that is not as it was meant to be, generations not shown and acts without a show forbid the comparison', async () => {
  const faults = (over: (arm: string, person: number) => Record<string, number>) =>
    experiment(1, 60, (_, person) => person % 3).map((row) => ({ ...row, ...over(String(row['arm']), row.person) }));
  const weighted = { experiments: { e: { weights: { A: 3, B: 1 } } } };
  await store(faults(() => ({})));
  await store(
    faults((arm, person) => ({ not_shown: arm === 'B' ? 1 + (person % 3) : 0 })),
    { project_id: 'unshown' },
  );
  await store(
    faults((_, person) => ({ orphan: person % 8 === 0 ? 1 : 0 })),
    { project_id: 'orphans' },
  );
  await store(
    faults((arm, person) => ({
      clock_suspect: arm === 'B' && person % 4 === 0 ? 1 : 0,
      late: person % 6 === 0 ? 1 : 0,
    })),
    { project_id: 'warned' },
  );
  await takeLooks(
    server.reporter,
    [project('acme', weighted), project('unshown'), project('orphans'), project('warned')],
    asOf(0),
    never,
  );
  const found = new Map((await looks()).map((look) => [look.project_id, look]));
  expect(found.get('acme')).toMatchObject({
    gates: ['sample_ratio'],
    figures: { sample_ratio_a: 60, sample_ratio_b: 60 },
  });
  expect(found.get('unshown')?.gates).toEqual(['shown_rate']);
  expect(found.get('unshown')?.figures).toMatchObject({ shown_rate_a: 1, shown_rate_b: 180 / 300 });
  expect(found.get('orphans')?.gates).toEqual(['orphan_share']);
  expect(found.get('orphans')?.figures['orphan_share_a']).toBeCloseTo(8 / 188, 12);
  expect(found.get('warned')).toMatchObject({ gates: [], warnings: ['late_share', 'clock_suspect_share'] });
});

test('one person with a fifth of the generations is named, and the difference is told without them', async () => {
  await store([
    ...experiment(1, 40, (_, person) => person % 2),
    { day: 0, person: 0, n: 100, y: 100, experiment: 'e', arm: 'A', assignment: 'randomised:user' },
  ]);
  await takeLooks(server.reporter, [project('acme')], asOf(0), never);
  const [look] = await looks();
  expect(look?.warnings).toContain('one_person');
  expect(look?.figures['heaviest_share']).toBeCloseTo(103 / 340, 12);
  expect(look?.figures['without_heaviest']).toBeCloseTo(20 / 120 - 20 / 117, 12);
  expect(look?.figures['pooled_difference']).toBeCloseTo(20 / 120 - 120 / 220, 12);
});

test('sides that use different major versions of the SDK cannot be compared', async () => {
  await store(experiment(1, 40, (_, person) => person % 3));
  const events = range(0, 80).map((person) => ({
    ...blankEvent({
      generation_id: `g${person}`,
      event_id: `00000000-0000-7000-8000-${String(person).padStart(12, '0')}`,
      generated_at: asOf(0) - DAY_MS,
      event_type: 'shown',
      shows: 1,
      occurred_at: asOf(0) - DAY_MS,
      prompt_id: 'p',
      experiment: 'e',
      arm: person < 40 ? 'A' : 'B',
      assignment: 'randomised:user',
      surface: 'web',
      user_kind: 'user',
      user_key: String(person),
    }),
    sdk: person < 50 ? 'tacit-web/1.2.3' : 'tacit-web/2.0.1',
  }));
  await server.writer.insertBlock('events', [ndjson(events)]);
  await takeLooks(server.reporter, [project('acme')], asOf(0), never);
  const [look] = await looks();
  expect(look?.gates).toEqual(['sdk_mix']);
  expect(look?.figures['sdk_mix_p']).toBeLessThan(1e-10);
});

test('persons of two projects are not mixed, and twenty projects take as many statements as one', async () => {
  const proxy = await startStatementProxy(server.url);
  const counted = createClickHouse({ ...server.connections.reporter, url: proxy.url });
  try {
    const names = range(0, 20).map((i) => `p${i}`);
    for (const name of names)
      await store(
        experiment(1, 30, (_, person) => person % 3),
        { project_id: name },
      );
    await takeLooks(counted, [project('p0')], asOf(0), never);
    const one = proxy.seen(/./).length;
    expect(
      await takeLooks(
        counted,
        names.slice(1).map((name) => project(name)),
        asOf(0),
        never,
      ),
    ).toEqual({ looks: 19 });
    expect(proxy.seen(/./).length - one).toBe(one);
    const found = await looks();
    expect(found).toHaveLength(20);
    for (const look of found)
      expect(look).toMatchObject({ persons: '60', persons_a: '30', standard_error: found[0]?.standard_error });
  } finally {
    await counted.close();
    await proxy.close();
  }
});

test('a look that is told to stop appends nothing and leaves no table behind', async () => {
  await store(experiment(1, 30, () => 1));
  await expect(takeLooks(server.reporter, [project('acme')], asOf(0), AbortSignal.abort())).rejects.toThrow();
  expect([await looks(), await registry()]).toEqual([[], []]);
  const left = await server.migrator.query(
    `SELECT name FROM system.tables WHERE database = 'tacit_work' AND startsWith(name, 'looks_')`,
  );
  expect(left).toEqual([]);
});

test('tables of looks that died long ago are removed, those of a look under way are not', async () => {
  const now = Date.now();
  const name = (madeAt: number) => `tacit_work.looks_${String(madeAt).padStart(13, '0')}_00000000_days`;
  const [old, young] = [name(now - LEFT_OVER_AGE_MS - 1), name(now - LEFT_OVER_AGE_MS)];
  const ahead = name(now + LEFT_OVER_AGE_MS + 1);
  for (const table of [old, young, ahead])
    await server.reporter.command(`CREATE TABLE ${table} (c UInt32) ENGINE = MergeTree ORDER BY c`);
  expect(await removeOldLookTables(server.reporter, now)).toBe(2);
  expect(await server.reporter.query(`SELECT count() AS n FROM ${young}`)).toEqual([{ n: '0' }]);
  await server.reporter.command(`DROP TABLE ${young} SYNC`);
});
