// What a report reads beside rates, on the real embedded ClickHouse: tables filled by hand, so that each figure is known exactly.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildReport } from '../../../../../services/reporter/reports/build-report.js';
import { reportSchema, type Report } from '../../../../../services/reporter/reports/report.js';
import { readDeployments } from '../../../../../services/reporter/reports/sections/read-trend.js';
import { startTestClickHouse, type TestClickHouse } from '../../../../support/clickhouse.js';
import { HOSTILE_NAME } from '../../../../support/report-fixture.js';
import { definitionOf, projectOf } from '../../../../support/report-parts.js';
import {
  calendarOf,
  insertComparison,
  insertFall,
  insertPersons,
  insertRateDays,
  insertSignals,
  TABLES_PROJECT,
} from '../../../../support/report-tables.js';

const DAY_MS = 86_400_000;
const slot = Math.floor(Date.now() / DAY_MS) * DAY_MS + 6 * 3_600_000;
const { day, at } = calendarOf(slot);
const MANY_PROJECT = 'many';
/** What names from events must not break: quotes, escapes, markup, ends of lines. */
const HOSTILE = `${HOSTILE_NAME}\t'"\\n\\`;

let server: TestClickHouse;

async function reportOf(
  over: { project?: string; prompts?: string[]; previous?: Report; slot?: number } = {},
): Promise<Report> {
  const { project = TABLES_PROJECT, prompts, previous, slot: due = slot } = over;
  const report = await buildReport({
    clickhouse: server.reporter,
    project: projectOf({ id: project }),
    definition: definitionOf({ windowDays: 7, ...(prompts === undefined ? {} : { prompts }) }),
    slot: due,
    edition: 1,
    now: due + 60_000,
    previous,
    publicUrl: undefined,
  });
  return reportSchema.parse(report);
}

/** Ten persons who each made ten generations of a prompt, `rejected` of them rejected. */
function persons(prompt: string, rejected: number) {
  const judged = {
    as_of: at(0, 5),
    day: day(5),
    prompt_id: prompt,
    prompt_version: '8',
    model: 'm',
    model_version: '1',
  };
  return Array.from({ length: 10 }, (_, i) => ({
    ...judged,
    user_key: String(i + 1),
    ...{ shown: 10, mature: 10, accepted: 4, mature_accepted: 4, rejected, mature_rejected: rejected },
  }));
}

beforeAll(async () => {
  server = await startTestClickHouse();
  const { migrator } = server;
  await insertPersons(migrator, [
    ...persons('calm', 1),
    ...persons('harsh', 5),
    ...persons('outside', 6).map((row) => ({ ...row, day: day(8) })),
  ]);
  const judged = { as_of: at(0, 5) };
  const version = (before: number, prompt_version: string, shown: number, model_version = '1') => ({
    ...{ level: 'version', prompt_id: 'harsh', day: day(before), model: 'm', prompt_version, model_version, shown },
    ...judged,
  });
  await insertRateDays(migrator, [
    { level: 'project', day: day(5), shown: 200, ...judged },
    { level: 'project', day: day(8), ...judged },
    { level: 'prompt', prompt_id: 'harsh', day: day(5), as_of: at(4, 23) },
    { level: 'prompt', prompt_id: 'calm', day: day(1), rate: null, low: null, high: null, mature: 0, ...judged },
    ...[version(20, '7', 100), version(6, '8', 4), version(6, '7', 96), version(5, '8', 50), version(5, '7', 50)],
    ...[version(3, '8', 50), version(3, '8', 50, '2')],
  ]);
  await insertSignals(
    migrator,
    [
      ...['calm', 'harsh'].map((prompt_id) => ({
        prompt_id,
        signal: 'reject_reason',
        bucket: 'dismissed',
        generations: 9,
      })),
      { prompt_id: 'harsh', signal: 'reject_reason', bucket: 'rewritten', generations: 41 },
      { prompt_id: 'calm', signal: 'edit_size', bucket: '0.7', generations: 4, value_sum: 3 },
      { prompt_id: 'harsh', signal: 'edit_size', bucket: '0.9', generations: 4, value_sum: 3.8 },
      { prompt_id: 'harsh', signal: 'retention', bucket: '30s', generations: 20, retained: 15, value_sum: 14 },
      { prompt_id: 'harsh', signal: 'ignore_reason', bucket: 'left', generations: 7 },
      { prompt_id: 'harsh', signal: 'decide_time', bucket: '2', generations: 8, value_sum: 12 },
      { prompt_id: 'calm', signal: 'rating', bucket: 'up', generations: 3, value_sum: 3 },
    ].map((row) => ({ day: day(5), ...judged, ...row })),
  );
  await insertSignals(migrator, [
    { day: day(8), prompt_id: 'calm', signal: 'rating', bucket: 'down', generations: 50, ...judged },
  ]);
  const pair = {
    comparison_id: 'c1',
    prompt_id: 'harsh',
    name_a: 'version 7',
    name_b: 'version 8',
    created_at: at(2, 4),
  };
  const found = { difference: -0.1, standard_error: 0.01, log_e: 40, from_day: day(30), to_day: day(5) };
  await insertComparison(migrator, pair, [{ ...found, look_at: at(1, 4) }]);
  await insertFall(migrator, {
    watch_id: 'w1',
    prompt_id: 'harsh',
    day: day(4),
    as_of: at(1, 4),
    since: day(6),
    from_day: day(6),
  });
  const plain = (rows: readonly object[]) => [Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))];
  const drop = (reason: string, before: number, n: number) => ({
    ...{
      project_id: TABLES_PROJECT,
      reason,
      drop_id: `0193a000-0000-7000-8000-${reason.length}${n}00000000`.slice(0, 36).padEnd(36, '0'),
    },
    ...{ minute: at(before, 3).slice(0, 19), n },
  });
  await migrator.insertBlock(
    'drops',
    plain([drop('too_old', 3, 2), drop('token_invalid', 3, 5), drop('too_new', 9, 70)]),
  );
  await migrator.insertBlock(
    'dead_letters',
    plain([
      {
        target: 'events',
        position: 'p1',
        row: '{}',
        project_id: TABLES_PROJECT,
        reason: 'rejected_row',
        detail: '',
        first_seen: at(3, 1),
        last_seen: at(3, 1),
        redriven_at: null,
      },
    ]),
  );
  await migrator.insertBlock(
    'dirty_days',
    plain([
      { project_id: TABLES_PROJECT, day: day(5), last_ingested_at: at(4, 12), last_shown_at: at(5, 12) },
      { project_id: TABLES_PROJECT, day: day(2), last_ingested_at: at(1, 12), last_shown_at: at(2, 12) },
    ]),
  );
  await migrator.insertBlock(
    'rollup_days',
    plain([{ day: day(5), as_of: at(0, 5), generations: 200, duration_ms: 1 }]),
  );
});
afterAll(async () => await server.stop());

describe('a report', () => {
  let report: Report;
  beforeAll(async () => {
    report = await reportOf();
  });

  test('begins with what asks for action: the verdict, then the fall', () => {
    expect(report.headline.map(({ tone, promptId, comparisonId }) => [tone, promptId, comparisonId])).toEqual([
      ['worse', 'harsh', 'c1'],
      ['fallen', 'harsh', null],
    ]);
    expect(report.headline[0]?.sentence).toMatch(
      /^harsh: Version 8 is accepted less often than version 7: −10\.0 points/,
    );
  });

  test('draws the days of its window alone, of the project and of its prompts', () => {
    expect(report.trend?.map(({ promptId }) => promptId)).toEqual(['', 'calm', 'harsh']);
    const [whole, calm, harsh] = report.trend ?? [];
    expect(whole?.days.map((each) => each.day)).toEqual([7, 6, 5, 4, 3, 2, 1].map((before) => day(before)));
    expect(whole?.days.map(({ shown }) => shown)).toEqual([0, 0, 200, 0, 0, 0, 0]);
    expect(whole?.days[2]).toMatchObject({ rate: 0.4, low: 0.3, high: 0.5, mature: 90, persons: 30, final: true });
    expect(harsh?.days[2]?.final).toBe(false);
    expect(calm?.days[6]).toMatchObject({ rate: null, mature: 0, final: false });
  });

  test('marks versions and models on the first day with a twentieth of the traffic, where others had been before', () => {
    expect(report.trend?.find(({ promptId }) => promptId === 'harsh')?.deployments).toEqual([
      { day: day(5), name: 'version 8' },
      { day: day(3), name: 'model m 2' },
    ]);
    expect(report.trend?.[0]?.deployments[0]).toEqual({ day: day(5), name: 'harsh: version 8' });
  });

  test('marks what went live in its window alone, also when that is a day', async () => {
    const window = { from: day(3), to: day(2), days: 1 };
    expect(
      await readDeployments(server.reporter, { project: TABLES_PROJECT, window, prompts: [] }, ['calm', 'harsh']),
    ).toEqual([{ promptId: 'harsh', day: day(3), name: 'model m 2' }]);
  });

  test('ranks rejected prompts with their reasons', () => {
    expect(report.rejected).toMatchObject({ metricVersion: 'm-1', mean: 0.3 });
    expect(report.rejected?.prompts).toMatchObject([
      {
        promptId: 'harsh',
        rate: 0.5,
        rejected: 50,
        reasons: [{ bucket: 'rewritten', generations: 41 }, { bucket: 'dismissed' }],
      },
      { promptId: 'calm', rate: 0.1, rejected: 10, reasons: [{ bucket: 'dismissed', generations: 9 }] },
    ]);
  });

  test('sums edits, retention, ignores, times and ratings of its window', () => {
    expect(report.edits).toMatchObject({ edited: 8, meanSimilarity: 0.85, mature: 200, taken: 80 });
    expect(report.edits?.retention[0]).toMatchObject({ measured: 20, retained: 15, ofMature: 0.075, ofMeasured: 0.75 });
    expect(report.ignores).toMatchObject({ ignored: 7, reasons: [{ bucket: 'left' }] });
    expect(report.decisions).toMatchObject({ decided: 8, medianS: 1.414213562 });
    expect(report.ratings).toMatchObject({ rated: 3, shown: 200, labels: [{ bucket: 'up' }] });
  });

  test('says what makes one doubt the figures', () => {
    expect(report.quality).toMatchObject({
      drops: [
        { reason: 'token_invalid', events: 5 },
        { reason: 'too_old', events: 2 },
      ],
      deadLetters: 1,
      newestEvent: new Date(`${at(1, 12).replace(' ', 'T')}Z`).toISOString(),
    });
    expect(report.standing.warnings).toEqual(['drops', 'dead_letters']);
  });

  test('compares itself with the one before', async () => {
    const before = await reportOf({ slot: slot - 60 * DAY_MS });
    const { changes } = await reportOf({ previous: before });
    expect(changes?.since).toBe(before.slot);
    expect(changes?.items.map(({ sentence }) => sentence)).toContain('New in this window: model m 1.');
  });
});

test('a report that is limited to prompts holds theirs alone', async () => {
  const report = await reportOf({ prompts: ['calm'] });
  expect(report.totals.map(({ promptId }) => promptId)).toEqual(['calm']);
  expect(report.rates?.rows.map(({ promptId }) => promptId)).toEqual(['calm']);
  expect(report.trend?.map(({ promptId }) => promptId)).toEqual(['calm']);
  expect(report.headline.map(({ promptId }) => promptId)).toEqual(['', '']);
  expect(report.edits?.edited).toBe(4);
  expect(report.rejected?.prompts.map(({ promptId }) => promptId)).toEqual(['calm']);
  expect(report.notes[0]).toMatch(/^Limited to calm:/);
});

test('of more combinations than a report holds it holds 200 and counts all, whatever their names are', async () => {
  const rows = persons(HOSTILE, 1).flatMap((row) =>
    Array.from({ length: 21 }, (_, i) => ({
      ...row,
      project_id: MANY_PROJECT,
      prompt_version: `${row.user_key}.${i}`,
    })),
  );
  await insertPersons(server.migrator, rows);
  await insertRateDays(server.migrator, [
    { project_id: MANY_PROJECT, level: 'prompt', prompt_id: HOSTILE, day: day(5), as_of: at(0, 5) },
  ]);
  await insertSignals(server.migrator, [
    ...[{ signal: 'reject_reason', bucket: HOSTILE, generations: 3 }].map((row) => ({
      ...{ project_id: MANY_PROJECT, prompt_id: HOSTILE, day: day(5), as_of: at(0, 5) },
      ...row,
    })),
  ]);
  const report = await reportOf({ project: MANY_PROJECT, prompts: [HOSTILE, 'another'] });
  expect([report.rates?.rows.length, report.rates?.total, report.standing.ratesTotal]).toEqual([200, 210, 210]);
  expect(report.trend?.map(({ promptId }) => promptId)).toEqual([HOSTILE]);
  expect(report.rejected?.prompts).toMatchObject([
    { promptId: HOSTILE, reasons: [{ label: HOSTILE, generations: 3 }] },
  ]);
});
