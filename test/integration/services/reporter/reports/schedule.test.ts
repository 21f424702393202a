// Time travel: what a reporter makes of its schedule when time goes on, stops for days, jumps back, and when clocks change.
// A real ClickHouse keeps the ledger; the clock is the test's. Years are far ahead, since the table forgets old slots.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildReport, type ReportSurroundings } from '../../../../../services/reporter/reports/build-report.js';
import type { ReportDefinition } from '../../../../../services/reporter/reports/definition.js';
import { readStoredJson } from '../../../../../services/reporter/reports/ledger.js';
import { reportSchema } from '../../../../../services/reporter/reports/report.js';
import { startTestClickHouse, type TestClickHouse } from '../../../../support/clickhouse.js';
import { definitionOf, openReportStage, type ReportStage } from '../../../../support/report-stage.js';

let server: TestClickHouse;
let stage: ReportStage;
let project = '';
let numbered = 0;

beforeAll(async () => {
  server = await startTestClickHouse();
});
afterAll(async () => {
  await server.stop();
});
beforeEach(() => {
  numbered += 1;
  project = `shop${numbered}`;
});
afterEach(() => {
  stage.close();
});

function open(...definitions: ReportDefinition[]): void {
  stage = openReportStage({ clickhouse: server.reporter, project, definitions });
}

/** Slots whose report was made, in the order of the ledger, with the number of times. */
async function made(): Promise<string[]> {
  const steps = await stage.steps(project, '');
  return steps.filter((step) => step.includes(' rendered')).map((step) => step.split(' ')[0] ?? '');
}

test('a report that is seen first makes nothing, then each slot once, as files', async () => {
  open(definitionOf());
  const runner = stage.runner();
  await runner.at('2040-01-02T09:00:00Z');
  await runner.at('2040-01-03T05:59:59Z');
  expect(await made()).toEqual([]);
  await runner.at('2040-01-03T06:00:00Z');
  await runner.at('2040-01-03T06:01:00Z');
  await runner.at('2040-01-04T06:00:40Z');
  await stage.runner().at('2040-01-04T07:00:00Z');
  expect(await stage.steps(project)).toEqual(
    ['01-03T06:00', '01-04T06:00'].flatMap((slot) => [
      `${slot} 1 0 claimed`,
      `${slot} 1 1 rendered`,
      `${slot} 1 1 sending`,
      `${slot} file:files 1 0 claimed`,
      `${slot} file:files 1 1 sending`,
      `${slot} file:files 1 1 sent 3 files`,
    ]),
  );
  const folder = path.join(stage.directory, project, 'daily');
  expect(readdirSync(folder).sort()).toEqual(
    ['03', '04'].flatMap((day) => ['html', 'json', 'md'].map((format) => `2040-01-${day}T06-00-00Z.${format}`)),
  );
  const json = readFileSync(path.join(folder, '2040-01-04T06-00-00Z.json'), 'utf8');
  const slot = Date.parse('2040-01-04T06:00:00Z');
  expect(await readStoredJson(server.reporter, { project, report: 'daily', slot })).toBe(json);
  const report = reportSchema.parse(JSON.parse(json));
  expect(report.window).toEqual({ from: '2039-12-28', to: '2040-01-04', days: 7 });
  expect(await runner.metrics()).toMatch(/tacit_reporter_report_newest_slot_timestamp_seconds 2209269600/);
});

test('three days without a reporter are caught up, oldest first, each report with what came before it', async () => {
  open(definitionOf({ catchUpHours: 96 }));
  const before: (string | undefined)[] = [];
  const build = async (surroundings: ReportSurroundings) => {
    before.push(surroundings.previous?.slot.slice(5, 16));
    return await buildReport(surroundings);
  };
  await stage.runner().at('2040-02-01T07:00:00Z');
  await stage.runner({ build }).at('2040-02-02T06:00:10Z');
  await stage.runner({ build }).at('2040-02-05T12:00:00Z');
  expect(await made()).toEqual(['02-02T06:00', '02-03T06:00', '02-04T06:00', '02-05T06:00']);
  expect(before).toEqual([undefined, '02-02T06:00', '02-03T06:00', '02-04T06:00']);
});

test('of forty days without a reporter the last three are caught up, and one row says that the others are skipped', async () => {
  open(definitionOf());
  await stage.runner().at('2040-03-01T07:00:00Z');
  await stage.runner().at('2040-03-02T06:00:00Z');
  await stage.runner().at('2040-04-11T12:00:00Z');
  expect(await made()).toEqual(['03-02T06:00', '04-09T06:00', '04-10T06:00', '04-11T06:00']);
  const skipped = (await stage.steps(project, '')).filter((step) => step.includes('skipped'));
  expect(skipped).toEqual([
    '04-08T06:00 1 0 skipped missed for longer than 72 hours; so were those since 2040-03-02 before it',
  ]);
  const before = await stage.steps(project);
  await stage.runner().at('2040-04-11T12:01:00Z');
  expect(await stage.steps(project)).toEqual(before);
});

test.each([
  [72, '2040-05-04T06:00:00.000Z', true],
  [72, '2040-05-04T06:00:00.001Z', false],
  [0, '2040-05-01T06:15:00.000Z', true],
  [0, '2040-05-01T06:15:00.001Z', false],
])('with a bound of %d h a slot of 1 May, 06:00, that is found at %s is made: %s', async (catchUpHours, at, isMade) => {
  open(definitionOf({ catchUpHours, cron: '0 6 1 * *' }));
  await stage.runner().at('2040-04-30T07:00:00Z');
  await stage.runner().at(at);
  expect(await made()).toEqual(isMade ? ['05-01T06:00'] : []);
});

test('a clock that is set back repeats no slot, and one that ran ahead costs no later one', async () => {
  open(definitionOf());
  const runner = stage.runner();
  await runner.at('2040-06-01T07:00:00Z');
  await runner.at('2040-06-02T06:00:00Z');
  await runner.at('2040-06-02T05:59:00Z');
  await runner.at('2040-06-01T05:00:00Z');
  await runner.at('2040-06-02T06:00:30Z');
  expect(await made()).toEqual(['06-02T06:00']);
  // a month ahead, and back
  await runner.at('2040-07-02T06:30:00Z');
  await runner.at('2040-06-03T06:00:20Z');
  await runner.at('2040-06-04T06:00:20Z');
  await runner.at('2040-07-02T06:31:00Z');
  const slots = await made();
  expect(slots).toEqual([...new Set(slots)].sort());
  expect(slots).toEqual(['06-02T06:00', '06-03T06:00', '06-04T06:00', '06-30T06:00', '07-01T06:00', '07-02T06:00']);
});

test.each([
  ['spring', '2040-03-24T12:00:00Z', ['03-25T01:00', '03-26T00:30']],
  ['autumn', '2040-10-27T12:00:00Z', ['10-28T00:30', '10-29T01:30']],
])('a report at half past two in Berlin is made once a day in %s too', async (_season, start, expected) => {
  open(definitionOf({ cron: '30 2 * * *', timeZone: 'Europe/Berlin' }));
  const runner = stage.runner();
  // around the change every half hour, in between once a day
  const hours = [0, ...Array.from({ length: 8 }, (_, half) => 11.5 + half / 2), 36, 37, 38];
  for (const hour of hours) await runner.at(new Date(Date.parse(start) + hour * 3_600_000).toISOString());
  expect(await made()).toEqual(expected);
});

test('a report waits an hour for the roll-up, then it is made with what there is and says so', async () => {
  open(definitionOf());
  let missing = ['2040-08-01'];
  const daysNotRolledUp = async () => await Promise.resolve(missing);
  const runner = stage.runner({ daysNotRolledUp });
  await runner.at('2040-08-01T07:00:00Z');
  await runner.at('2040-08-02T06:00:30Z');
  await runner.at('2040-08-02T07:00:29Z');
  expect(await made()).toEqual([]);
  expect(await runner.metrics()).toContain('tacit_reporter_report_open_runs 1');
  await runner.at('2040-08-02T07:00:30Z');
  const sentence = /events of 2040-08-01 \(UTC\) were stored that its figures do not hold yet/;
  const json = async (slot: string) =>
    await readStoredJson(server.reporter, { project, report: 'daily', slot: Date.parse(slot) });
  expect(await json('2040-08-02T06:00:00Z')).toMatch(sentence);
  missing = [];
  await runner.at('2040-08-03T06:00:30Z');
  expect(await made()).toEqual(['08-02T06:00', '08-03T06:00']);
  expect(await json('2040-08-03T06:00:00Z')).not.toMatch(sentence);
});

test('a report that cannot be made is tried again with pauses, then its slot has none, which is logged at error once', async () => {
  open(definitionOf());
  const build = async (): Promise<never> => await Promise.reject(new Error('broken'));
  const runner = stage.runner({ build });
  await runner.at('2040-09-01T07:00:00Z');
  for (const time of ['06:00:00', '06:00:30', '06:01:00', '06:02:30', '06:03:00', '06:30:00'])
    await runner.at(`2040-09-02T${time}Z`);
  expect(await stage.steps(project, '')).toEqual([
    '09-02T06:00 1 0 claimed',
    '09-02T06:00 1 1 sending',
    '09-02T06:00 1 1 waiting could not be made',
    '09-02T06:00 1 2 sending',
    '09-02T06:00 1 2 waiting could not be made',
    '09-02T06:00 1 3 sending',
    '09-02T06:00 1 3 abandoned could not be made in 3 attempts',
  ]);
  expect(stage.logged.filter((line) => line.includes('"level":50'))).toHaveLength(1);
});

test('a report and a target that leave the file are skipped with a reason, and new ones begin with their next slot', async () => {
  const slow = definitionOf({ id: 'slow' });
  const hook = { kind: 'webhook', name: 'ops', url: { env: 'HOOK' }, secret: { env: 'SECRET' } };
  open(definitionOf({ targets: [hook] }), slow);
  const waiting = { daysNotRolledUp: async () => await Promise.resolve(['2040-10-01']) };
  await stage.runner().at('2040-10-01T07:00:00Z');
  await stage.runner(waiting).at('2040-10-02T06:00:10Z');
  await stage.runner({ definitions: () => [definitionOf({ targets: [hook] })] }).at('2040-10-02T06:00:20Z');
  await stage.runner({ definitions: () => [definitionOf({ targets: [], id: 'daily' })] }).at('2040-10-02T06:00:30Z');
  expect(await stage.steps(project)).toEqual([
    '10-02T06:00 1 0 claimed',
    '10-02T06:00 1 0 claimed',
    '10-02T06:00 1 0 skipped the report left the reports file',
    '10-02T06:00 1 1 rendered',
    '10-02T06:00 1 1 sending',
    '10-02T06:00 webhook:ops 1 0 claimed',
    '10-02T06:00 webhook:ops 1 1 sending',
    '10-02T06:00 webhook:ops 1 1 skipped the target left the reports file',
    '10-02T06:00 webhook:ops 1 1 waiting HOOK is not set to an http or https address',
  ]);
  expect(existsSync(path.join(stage.directory, project))).toBe(false);
});

test('while the reports file is not usable nothing is done and nothing is given up', async () => {
  open(definitionOf());
  await stage.runner().at('2040-11-01T07:00:00Z');
  await stage.runner({ definitions: () => undefined }).at('2040-11-02T06:00:00Z');
  expect(await stage.steps(project)).toEqual([]);
  await stage.runner().at('2040-11-02T06:05:00Z');
  expect(await made()).toEqual(['11-02T06:00']);
});
