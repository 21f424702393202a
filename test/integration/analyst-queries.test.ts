// The sixteen analyst questions, asked as the analyst, on forty-eight generations and a few looks whose answers can be worked out by hand.
import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventRow } from '../../shared/contract/rows.js';
import { insertLevels } from '../../services/reporter/rollup/levels.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { DAY_MS, dayName, mondayAgo } from '../support/days.js';
import { oracleOutcomes } from '../support/oracle.js';
import { instant, oracleRates, oracleUserDays } from '../support/oracle-rollup.js';
import { SIGNAL_KEYS, oracleSignals } from '../support/oracle-signals.js';
import { blankEvent, ndjson } from '../support/random-events.js';

const folder = path.join(projectRoot, 'infra', 'clickhouse', 'analyst');
const SECOND = 1000;
/** Monday of the week of the generations, whole weeks ago; days are counted from it, ms. */
const MONDAY = mondayAgo(3);
const at = (day: number, hour = 0) => MONDAY + day * DAY_MS + hour * 3600 * SECOND;
const on = (day: number) => dayName(at(day));
const AS_OF = at(11);
const week = { project: 'acme', from: on(0), to: on(7) };

const DAYS = [on(1), on(2), on(3)];

let clickhouse: TestClickHouse;

beforeAll(async () => {
  clickhouse = await startTestClickHouse({ projects: ['acme', 'bolt'] });
  const rows = fixture('acme');
  // another project's rows, and copies of ours, must change nothing
  await clickhouse.writer.insertBlock('tacit.events', [ndjson([...rows, ...fixture('bolt')])]);
  await clickhouse.writer.insertBlock('tacit.events', [ndjson(rows.slice(0, 30))]);
  await clickhouse.migrator.command('OPTIMIZE TABLE tacit.events FINAL');
  const outcomes = oracleOutcomes([...rows, ...fixture('bolt')], [], AS_OF);
  const as_of = instant(AS_OF);
  await clickhouse.reporter.insertBlock('tacit.rates', [ndjson(oracleRates(outcomes).map((r) => ({ ...r, as_of })))]);
  await clickhouse.reporter.insertBlock('tacit.user_days', [
    ndjson(oracleUserDays(outcomes).map((r) => ({ ...r, as_of }))),
  ]);
  const span = { from: week.from, to: week.to };
  for (const day of DAYS)
    await insertLevels(
      clickhouse.reporter,
      'tacit.rate_days',
      { day },
      { from: day, to: dayName(Date.parse(day) + DAY_MS) },
    );
  const window = { window_days: 7, from_day: span.from, to_day: span.to };
  await insertLevels(clickhouse.reporter, 'tacit.rate_windows', window, span);
  const signals = oracleSignals([...rows, ...fixture('bolt')], [], AS_OF).map(({ key, ...sums }) => {
    const values = JSON.parse(key) as unknown[];
    return { ...Object.fromEntries(SIGNAL_KEYS.map((column, nth) => [column, values[nth]])), ...sums, as_of };
  });
  await clickhouse.reporter.insertBlock('tacit.signal_days', [ndjson(signals)]);
  await storeLooks();
  await clickhouse.writer.insertBlock('tacit.drops', [
    ndjson([{ project_id: 'acme', reason: 'too_old', drop_id: randomUUID(), minute: at(1) / SECOND, n: 3 }]),
  ]);
});

afterAll(async () => {
  await clickhouse.stop();
});

/** A comparison that is flagged on the first of two days, in two projects. */
async function storeLooks(): Promise<void> {
  const projects = ['acme', 'bolt'];
  await clickhouse.reporter.insertBlock('tacit.comparisons', [
    ndjson(
      projects.map((project_id) => ({
        project_id,
        comparison_id: `c-${project_id}`,
        kind: 'prompt_version',
        prompt_id: 'summarise',
        name_a: 'version 10',
        name_b: 'version 11',
      })),
    ),
  ]);
  const look = (project_id: string, day: number, difference: number) => ({
    project_id,
    comparison_id: `c-${project_id}`,
    look_at: at(day, 4),
    family: project_id,
    tier: 'T1',
    n_a: 900,
    n_b: 800,
    persons_a: 90,
    persons_b: 80,
    persons: 150,
    difference,
    standard_error: 0.01,
    log_e: difference < -0.05 ? 20 : 0,
    tau: 0.05,
    alpha: 0.05,
    gates: [],
    metric_version: 'default',
    from_day: on(-8),
    to_day: on(day - 3),
  });
  await clickhouse.reporter.insertBlock('tacit.comparison_looks', [
    ndjson(projects.flatMap((project) => [look(project, 6, -0.08), look(project, 7, -0.01)])),
  ]);
}

/**
 * Two prompt versions x two models x four persons x three generations. The first is copied (and by person 4 on version 11
 * and model m1 then regenerated), the second is dismissed by persons 2 and 4, the third, on version 11, accepted and edited.
 */
function fixture(project: string): EventRow[] {
  const rows: EventRow[] = [];
  for (const version of ['10', '11'])
    for (const model of ['m1', 'm2'])
      for (const person of [1, 2, 3, 4]) {
        rows.push(...generation(project, version, model, person, 0, firstDecisions(version, model, person)));
        rows.push(
          ...generation(project, version, model, person, 1, person % 2 === 0 ? [['reject', 20, 0, 'dismissed']] : []),
        );
        const edited: Decision[] = [
          ['accept', 5, 1, 'insert'],
          ['edit', 30, 0.5, 'submit'],
        ];
        rows.push(...generation(project, version, model, person, 2, version === '11' ? edited : []));
      }
  return rows;
}

type Decision = ['copy' | 'accept' | 'edit' | 'reject', number, number, string];

function firstDecisions(version: string, model: string, person: number): Decision[] {
  const copied: Decision = ['copy', 10, 1, 'keyboard'];
  return version === '11' && model === 'm1' && person === 4 ? [copied, ['reject', 20, 0, 'regenerated']] : [copied];
}

function generation(
  project: string,
  version: string,
  model: string,
  person: number,
  nth: number,
  decisions: Decision[],
) {
  // the third one half an hour before midnight in UTC, which is the next day in Berlin
  const generatedAt = at(1 + nth, nth === 2 ? 23.5 : 10.5) + person * SECOND;
  const row = (over: Partial<EventRow>, afterS: number): EventRow =>
    blankEvent({
      project_id: project,
      generation_id: `${version}-${model}-${person}-${nth}`,
      generated_at: generatedAt,
      event_id: randomUUID(),
      occurred_at: generatedAt + afterS * SECOND,
      received_at: generatedAt + (afterS + 1) * SECOND,
      prompt_id: 'summarise',
      prompt_version: version,
      model,
      user_kind: 'user',
      user_key: String(person),
      ...over,
    });
  return [
    row({ event_type: 'generated' }, 0),
    row({ event_type: 'shown', shows: 1 }, 0),
    ...decisions.map(([type, afterS, value, reason]) =>
      row({ event_type: type, decides: type === 'copy' ? 'accept' : type, decision_value: value, reason }, afterS),
    ),
  ];
}

async function ask(question: string, params: Record<string, string | number>): Promise<Record<string, unknown>[]> {
  const file = readdirSync(folder).find((name) => name.startsWith(`${question}_`));
  const sql = readFileSync(path.join(folder, file ?? ''), 'utf8')
    .trim()
    .replace(/;$/, '');
  return await clickhouse.analyst('acme').query(sql, params);
}

/** Wilson's interval at a rate and a number that need not be whole. */
function wilson(p: number, n: number): { low: number; high: number } {
  const z2 = 1.959963984540054 ** 2;
  const centre = p + z2 / 2 / n;
  const half = Math.sqrt(z2) * Math.sqrt((p * (1 - p) + z2 / 4 / n) / n);
  const rounded = (x: number) => Math.round((x / (1 + z2 / n)) * 1e4) / 1e4;
  return { low: rounded(centre - half), high: rounded(centre + half) };
}

/** Of 12 generations of 4 persons who are alike: 12, shrunk by the t distribution of 3 degrees. */
const EFFECTIVE = 12 * (1.959963984540054 / 3.18244630528) ** 2;
const cell = { model_version: '', surface: '', trusted: 0, metric_version: 'default', n: 12, persons: '4' };

test('there are sixteen questions', () => {
  expect(readdirSync(folder).map((file) => file.slice(0, 3))).toEqual(
    Array.from({ length: 16 }, (_, n) => `q${String(n + 1).padStart(2, '0')}`),
  );
});

test('Q1: rates of versions with intervals that hold persons together', async () => {
  expect(await ask('q01', { ...week, prompt: 'summarise' })).toEqual([
    { prompt_version: '10', model: 'm1', ...cell, rate: 0.3333, ...wilson(4 / 12, EFFECTIVE) },
    { prompt_version: '10', model: 'm2', ...cell, rate: 0.3333, ...wilson(4 / 12, EFFECTIVE) },
    { prompt_version: '11', model: 'm1', ...cell, rate: 0.5833, ...wilson(7 / 12, EFFECTIVE) },
    { prompt_version: '11', model: 'm2', ...cell, rate: 0.6667, ...wilson(8 / 12, EFFECTIVE) },
  ]);
});

test('Q2: the difference of two versions, stratified by model', async () => {
  const versions = { project: 'acme', prompt: 'summarise', old_version: '10', new_version: '11' };
  expect(await ask('q02', { ...versions, min_generations: 12 })).toEqual([
    { metric_version: 'default', difference: 0.2917, new_n: '24', old_n: '24' },
  ]);
  expect(await ask('q02', { ...versions, min_generations: 13 })).toEqual([]);
});

test('Q3: the trend by days of the time zone asked for', async () => {
  expect(await ask('q03', { ...week, prompt: 'summarise', time_zone: 'Europe/Berlin' })).toEqual([
    { day: on(1), n: '16', rate: 0.9375, rejected_rate: 0.0625, open_share: 0 },
    { day: on(2), n: '16', rate: 0, rejected_rate: 0.5, open_share: 0 },
    { day: on(4), n: '16', rate: 0.5, rejected_rate: 0, open_share: 0 },
  ]);
});

test('Q4: the best model of each prompt, by the lower bound', async () => {
  const { low } = wilson(8 / 12, EFFECTIVE);
  expect(await ask('q04', { ...week, min_generations: 12 })).toEqual([
    { prompt_id: 'summarise', prompt_version: '11', model: 'm2', ...cell, low, rate: 0.6667 },
  ]);
  expect(await ask('q04', { ...week, min_generations: 13 })).toEqual([]);
});

test('Q5: how much people change', async () => {
  const edited = { model_version: '', edited_n: '4', mean_similarity: 0.5, p10_p50: [0.5, 0.5] };
  expect(await ask('q05', week)).toEqual([
    { model: 'm1', ...edited },
    { model: 'm2', ...edited },
  ]);
});

test('Q6: how long people take', async () => {
  expect(await ask('q06', week)).toEqual([
    { outcome: 'accepted', n: '15', p50_p90_p99_s: [10, 10, 10] },
    { outcome: 'rejected', n: '9', p50_p90_p99_s: [20, 20, 20] },
    { outcome: 'edited', n: '8', p50_p90_p99_s: [30, 30, 30] },
  ]);
});

test('Q7: why generations are rejected', async () => {
  expect(await ask('q07', week)).toEqual([
    { prompt_id: 'summarise', reason: 'dismissed', generations_n: '8' },
    { prompt_id: 'summarise', reason: 'regenerated', generations_n: '1' },
  ]);
});

test('Q8: how many regret', async () => {
  expect(await ask('q08', week)).toEqual([{ prompt_id: 'summarise', n: '48', taken: '24', regret: 0.0417 }]);
});

test('Q9: whether heavy users carry the rate', async () => {
  expect(await ask('q09', week)).toEqual([
    { users: '4', generations_n: '48', rate: 0.4792, per_user_rate: 0.4792, top_1pct_share: 0.25 },
  ]);
});

test('Q10: whether the numbers can be trusted', async () => {
  const [row] = await ask('q10', week);
  expect(row).toMatchObject({
    rows_stored: '137',
    events_n: '137',
    unmerged_share: 0,
    late_1h_share: 0,
    no_prompt_share: 0,
    clock_suspect_share: 0,
    orphan_share: 0,
    dropped_n: '3',
    rolled_up: instant(AS_OF),
  });
});

/** Half the length of the interval at 0.05 with a standard error of 0.01 and tau 0.05: k = 25. */
const HALF = 0.01 * Math.sqrt((1 + 1 / 25) * Math.log(26 / 0.05 ** 2));
const to4 = (x: number) => Math.round(x * 1e4) / 1e4;

test('Q11: the verdicts, with what was said before', async () => {
  expect(await ask('q11', { project: 'acme' })).toMatchObject([
    {
      name_a: 'version 10',
      name_b: 'version 11',
      tier: 'T1',
      verdict: 'not_enough_evidence',
      difference: -0.01,
      low: to4(-0.01 - HALF),
      high: to4(-0.01 + HALF),
      alpha_used: 0.05,
      n_a: '900',
      persons: '150',
      direction: 'worse',
      flagged_since: on(6),
    },
  ]);
  expect(await ask('q11', { project: 'bolt' })).toEqual([]);
});

test('Q12: how a comparison came to its verdict', async () => {
  expect(await ask('q12', { project: 'acme', comparison: 'c-acme' })).toMatchObject([
    { day: on(6), verdict: 'worse', difference: -0.08, family_size: '1', live: 1, flagged_since: on(6) },
    { day: on(7), verdict: 'not_enough_evidence', p: Math.exp(-20), flagged_since: on(6) },
  ]);
  expect(await ask('q12', { project: 'bolt', comparison: 'c-bolt' })).toEqual([]);
});

test('Q13: what has fallen, since when, and what went live then', async () => {
  const row = {
    project_id: 'acme',
    watch_id: 'a',
    prompt_id: 'summarise',
    day: on(3),
    as_of: AS_OF,
    state: 'fallen',
    since: on(-6),
    deployment: 'version 11',
    deployed_on: on(-6),
    n: 120,
    persons: 40,
    rate: 0.31234,
    standard_error: 0.02,
    baseline: 0.36,
    cusum: 9,
    threshold: 6,
  };
  const earlier = { ...row, day: on(2), n: 80 };
  const repeated = { ...row, as_of: AS_OF + 1000, state: 'steady' };
  const collecting = { ...row, watch_id: 'b', prompt_version: '11', state: 'collecting', since: null, cusum: -1 };
  const ended = { ...row, watch_id: 'c', day: on(-8) };
  const rows = [earlier, row, repeated, collecting, ended, { ...row, project_id: 'bolt' }];
  await clickhouse.reporter.insertBlock('tacit.drift_looks', [ndjson(rows)]);
  const shown = {
    prompt_id: 'summarise',
    surface: '',
    deployment: 'version 11',
    deployed_on: on(-6),
    day: on(3),
    n: '120',
    persons: '40',
    rate: 0.3123,
    half_width: 0.0392,
    baseline_rate: 0.36,
    days_needed: 0,
  };
  expect(await ask('q13', { project: 'acme', days: 10 })).toEqual([
    { ...shown, prompt_version: '', state: 'fallen', since: on(-6), evidence_share: 1.5 },
    { ...shown, prompt_version: '11', state: 'collecting', since: null, evidence_share: 0 },
  ]);
});

/** n generations of 4 persons, shrunk by the t distribution of 3 degrees. */
const shrunk = (n: number) => n * (1.959963984540054 / 3.18244630528) ** 2;
const interval = (p: number, n: number) => {
  const { low, high } = wilson(p, n);
  return { low_95: low, high_95: high };
};

test('Q14: the trend with the interval of each day', async () => {
  const day = { metric_version: 'default', n: '16', persons: '4', unresolved_n: '0' };
  expect(await ask('q14', { ...week, prompt: 'summarise' })).toEqual([
    // three persons take all four, one takes three: the rate of persons varies as that of 15 generations would
    { ...day, day: on(1), acceptance_rate: 0.9375, ...interval(15 / 16, shrunk(15)) },
    { ...day, day: on(2), acceptance_rate: 0, low_95: 0, high_95: wilson(0, 4).high },
    { ...day, day: on(3), acceptance_rate: 0.5, ...interval(0.5, shrunk(16)) },
  ]);
});

test('Q15: the reasons of rejections with their share', async () => {
  const prompt = { prompt_id: 'summarise', mature_n: '48' };
  expect(await ask('q15', week)).toEqual([
    { ...prompt, reason: 'dismissed', generations_n: '8', share: 0.1667 },
    { ...prompt, reason: 'regenerated', generations_n: '1', share: 0.0208 },
  ]);
});

test('Q16: where every prompt stands', async () => {
  expect(await ask('q16', { project: 'acme' })).toEqual([
    {
      prompt_id: 'summarise',
      metric_version: 'default',
      window_days: 7,
      to_day: week.to,
      n: '48',
      persons: '4',
      acceptance_rate: 0.4792,
      ...interval(23 / 48, shrunk(48)),
      rejected_rate: 0.1875,
      computed_from: instant(AS_OF),
    },
  ]);
});
