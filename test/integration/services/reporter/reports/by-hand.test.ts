// Reports that somebody asks for, on a real ClickHouse and a real disk: which edition they are, what is kept, who gets them, and how
// they stay out of the way of a reporter that acts.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { takeLease } from '../../../../../infra/clickhouse/table-lease.js';
import { computeReport, storeEdition, type Asked } from '../../../../../services/reporter/reports/by-hand.js';
import { buildReport } from '../../../../../services/reporter/reports/build-report.js';
import type { ReportTarget } from '../../../../../services/reporter/reports/definition.js';
import { readStoredJson } from '../../../../../services/reporter/reports/ledger.js';
import { appendRuns, type RunStatus } from '../../../../../services/reporter/reports/ledger-rows.js';
import { createReportMetrics } from '../../../../../services/reporter/reports/report-metrics.js';
import { reportSchema } from '../../../../../services/reporter/reports/report.js';
import { LEASE_NAME } from '../../../../../services/reporter/reports/runner.js';
import type { RunnerDependencies } from '../../../../../services/reporter/reports/runner-dependencies.js';
import { createLogger } from '../../../../../shared/runtime/log.js';
import { createMetrics } from '../../../../../shared/runtime/metrics.js';
import { startTestClickHouse, type TestClickHouse } from '../../../../support/clickhouse.js';
import { definitionOf, openReportStage, visibleProject, type ReportStage } from '../../../../support/report-stage.js';

const SLOT = Date.parse('2040-01-03T06:00:00Z');
const FILE = { kind: 'file', name: 'files' };
const SHARED = { kind: 'file', name: 'shared' };
const definition = definitionOf({ targets: [FILE, SHARED] });
const [file] = definition.targets as [ReportTarget];

let server: TestClickHouse;
let stage: ReportStage;
let numbered = 0;
let asked: Asked;

beforeAll(async () => {
  server = await startTestClickHouse();
});
afterAll(async () => {
  await server.stop();
});
beforeEach(() => {
  numbered += 1;
  asked = { definition, project: `shop${numbered}`, slot: SLOT };
  stage = openReportStage({ clickhouse: server.reporter, project: asked.project, definitions: [definition] });
});
afterEach(() => stage.close());

function dependencies(over: Partial<RunnerDependencies> = {}): RunnerDependencies {
  return {
    clickhouse: server.reporter,
    definitions: () => [definition],
    projects: () => [visibleProject(asked.project)],
    build: buildReport,
    daysNotRolledUp: async () => await Promise.resolve([]),
    delivery: { env: {}, mailServer: undefined, now: () => SLOT, reportsDirectory: stage.directory },
    publicUrl: () => undefined,
    metrics: createReportMetrics(createMetrics()),
    log: createLogger('by-hand', 'silent'),
    clock: async () => await Promise.resolve(SLOT + 60_000),
    leaseMs: 2000,
    ...over,
  };
}

const key = () => ({ project: asked.project, report: 'daily', slot: SLOT });
const editionOf = (json: string | undefined) => reportSchema.parse(JSON.parse(json ?? '')).edition;

/** The ledger as a reporter left it. */
async function left(...steps: readonly (readonly [RunStatus, number])[]): Promise<void> {
  const base = {
    project_id: asked.project,
    report_id: 'daily',
    slot: SLOT / 1000,
    edition: 1,
    target: '',
    owner: 'gone',
  };
  await appendRuns(
    server.reporter,
    steps.map(([status, attempt]) => ({ ...base, status, attempt, detail: '', retry_at: SLOT })),
  );
}

const folders = () => {
  const folder = path.join(stage.directory, asked.project, 'daily');
  return readdirSync(folder).filter((name) => name.endsWith('.json'));
};

test('computing keeps nothing, and is the next edition of what is stored', async () => {
  expect(editionOf(await computeReport(asked, dependencies()))).toBe(1);
  expect(await readStoredJson(server.reporter, key())).toBeUndefined();
  expect(await stage.steps(asked.project)).toEqual([]);
  await storeEdition(asked, [], dependencies());
  expect(editionOf(await computeReport(asked, dependencies()))).toBe(2);
});

test('an edition is stored as it was given out, and brought to the targets named alone', async () => {
  const { json, targets } = await storeEdition(asked, [file], dependencies());
  expect(await readStoredJson(server.reporter, key())).toBe(json);
  expect(targets.map(({ target, status, edition }) => [target, status, edition])).toEqual([['file:files', 'sent', 1]]);
  expect(folders()).toEqual(['2040-01-03T06-00-00Z.json']);
  const second = await storeEdition(asked, [file], dependencies());
  expect([editionOf(second.json), second.targets.map(({ edition }) => edition)]).toEqual([2, [2]]);
  expect(await readStoredJson(server.reporter, { ...key(), edition: 1 })).toBe(json);
});

test.each<[string, readonly (readonly [RunStatus, number])[], number]>([
  ['is to be made', [['claimed', 0]], 2],
  [
    'was being made when its process stopped',
    [
      ['claimed', 0],
      ['sending', 1],
    ],
    2,
  ],
  [
    'is tried again',
    [
      ['claimed', 0],
      ['sending', 1],
      ['waiting', 1],
    ],
    2,
  ],
  [
    'was given up',
    [
      ['claimed', 0],
      ['sending', 10],
      ['abandoned', 10],
    ],
    1,
  ],
  [
    'ended its process each time',
    [
      ['claimed', 0],
      ['sending', 3],
      ['failed', 3],
    ],
    1,
  ],
  ['was missed', [['skipped', 0]], 1],
  ['nobody knows', [], 1],
])('a slot that %s gets its first edition, for as many targets as it owes it to', async (_what, steps, owed) => {
  await left(...steps);
  const { json, targets } = await storeEdition(asked, [file], dependencies());
  expect([editionOf(json), targets.length]).toEqual([1, owed]);
  // and the schedule has nothing left to do with it
  await stage.runner().at('2040-01-03T06:10:00Z');
  expect((await stage.steps(asked.project, '')).filter((step) => step.includes('rendered'))).toHaveLength(1);
});

test('it waits for a reporter that acts', async () => {
  const work = `${server.reporter.connection.database}_work`;
  const busy = await takeLease(server.reporter, work, LEASE_NAME, 60_000);
  expect(busy).toBeDefined();
  let done = false;
  const stored = storeEdition(asked, [], dependencies()).then(() => (done = true));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect([done, await stage.steps(asked.project)]).toEqual([false, []]);
  await busy?.release();
  await stored;
  expect(editionOf(await readStoredJson(server.reporter, key()))).toBe(1);
});

test('it stores nothing once another reporter has taken over', async () => {
  const work = `${server.reporter.connection.database}_work`;
  const build: RunnerDependencies['build'] = async (surroundings) => {
    // a process that hangs for longer than its lease holds
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500);
    const other = await takeLease(server.reporter, work, LEASE_NAME, 2000);
    expect(other).toBeDefined();
    return await buildReport(surroundings);
  };
  await expect(storeEdition(asked, [file], dependencies({ build }))).rejects.toThrow(
    'Another reporter took over meanwhile; nothing was stored.',
  );
  expect(await stage.steps(asked.project)).toEqual([]);
});

test('days that are not rolled up are no reason to wait, but are said', async () => {
  const daysNotRolledUp = async () => await Promise.resolve(['2040-01-01', '2040-01-02']);
  const json = await computeReport(asked, dependencies({ daysNotRolledUp }));
  expect(json).toContain(
    'events of 2 days from 2040-01-01 to 2040-01-02 (UTC) were stored that its figures do not hold yet',
  );
});
