// What is to be done about reports: by cases, and by a property over random histories of ticks, crashes, clocks that are set back
// and reporters that take turns.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reportDefinitionSchema } from '../../../../../services/reporter/reports/definition.js';
import type { RunRow } from '../../../../../services/reporter/reports/ledger-rows.js';
import { planReports, UNENDED_RENDERS_MAX } from '../../../../../services/reporter/reports/plan.js';
import { storedRows } from '../../../../../services/reporter/reports/render-run.js';
import { memoryLedger } from '../../../../support/memory-ledger.js';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-11-16T00:30:00Z');
const TARGETS = ['file:files', 'email:lead'];
const definition = reportDefinitionSchema.parse({
  id: 'daily',
  cron: '0 6 * * *',
  windowDays: 7,
  catchUpHours: 48,
  targets: [
    { kind: 'file', name: 'files' },
    { kind: 'email', name: 'lead', to: 'lead@example.com' },
  ],
});

function planAt(
  rows: readonly RunRow[],
  now: number,
  more: { projects?: string[]; definitions?: (typeof definition)[] } = {},
) {
  const { projects = ['shop'], definitions = [definition] } = more;
  return planReports({ definitions, projects, ledger: memoryLedger(rows, now), now, owner: 'a test' });
}

/** Where a pass of a reporter ends: after its plan, its report, a message, or not before all is done. */
type Crash = 'plan' | 'render' | 'message' | 'refused' | 'no';

interface World {
  readonly rows: RunRow[];
  /** Ids that targets got. */
  readonly got: string[];
}

/** One pass, as the runner does it. */
function pass(world: World, now: number, owner: string, crash: Crash): void {
  const { rows, got } = world;
  const plan = () =>
    planReports({ definitions: [definition], projects: ['shop'], ledger: memoryLedger(rows, now), now, owner });
  const first = plan();
  rows.push(...first.rows);
  if (crash === 'plan') return;
  for (const { project_id, report_id, slot, edition, attempt } of first.renders) {
    const begun = { project_id, report_id, slot, edition, target: '', attempt, owner, detail: '' };
    rows.push({ ...begun, status: 'sending' });
    if (crash === 'render') return;
    const content = `report of ${slot} by ${owner}`;
    rows.push(...storedRows({ project_id, report_id, slot, edition, attempt, owner, now, content }, TARGETS));
  }
  const second = plan();
  rows.push(...second.rows);
  for (const { project_id, report_id, slot, edition, target, attempt } of second.deliveries) {
    const key = { project_id, report_id, slot, edition, target, attempt, owner, detail: '' };
    rows.push({ ...key, status: 'sending' });
    if (crash === 'refused') {
      rows.push({ ...key, status: 'waiting', retry_at: now + 60_000 });
      continue;
    }
    got.push(`${slot} ${target}`);
    if (crash === 'message') return;
    rows.push({ ...key, status: 'sent' });
  }
}

const crash = fc.constantFrom<Crash>('plan', 'render', 'render', 'message', 'refused', 'no', 'no', 'no');
const step = fc.record({
  minutes: fc.oneof(
    fc.integer({ min: 1, max: 90 }),
    fc.integer({ min: 600, max: 3000 }),
    fc.integer({ min: -2000, max: -1 }),
  ),
  owner: fc.constantFrom('one', 'two'),
  crash,
});

test('whatever happens, each slot is made once or given up, each target gets each report, and no two rows contradict', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 20 }), (steps) => {
      const world: World = { rows: [], got: [] };
      pass(world, START, 'one', 'no');
      let now = START;
      for (const { minutes, owner, crash: where } of steps) {
        now = Math.max(START, now + minutes * 60_000);
        pass(world, now, owner, where);
      }
      // then nothing happens any more but time
      const newest = Math.max(now, ...world.rows.flatMap(({ slot, retry_at = 0 }) => [slot * 1000, retry_at]));
      for (let minutes = 0; minutes <= 120; minutes += 30) pass(world, newest + minutes * 60_000, 'two', 'no');
      const made = world.rows.filter(({ status }) => status === 'rendered');
      expect(new Set(made.map(({ slot }) => slot)).size).toBe(made.length);
      for (const { slot } of made) {
        expect(slot * 1000).toBeGreaterThan(START);
        expect(new Date(slot * 1000).toISOString()).toMatch(/T06:00:00/);
        for (const target of TARGETS) expect(world.got).toContain(`${slot} ${target}`);
      }
      const claimed = new Set(
        world.rows.filter(({ target, status }) => target === '' && status === 'claimed').map(({ slot }) => slot),
      );
      const failed = world.rows.filter(({ status }) => status === 'failed');
      expect(new Set([...made, ...failed].map(({ slot }) => slot))).toEqual(claimed);
      expect(made.length + failed.length).toBe(claimed.size);
      // it is given up behind as many deaths as the limit says, and not one less
      for (const { slot } of [...made, ...failed]) {
        const own = world.rows.filter((row) => row.slot === slot && row.target === '');
        const begun = own.filter(({ status }) => status === 'sending').length;
        const gaveUp = own.some(({ status }) => status === 'failed');
        if (gaveUp) expect(begun).toBe(UNENDED_RENDERS_MAX);
        else expect(begun).toBeLessThanOrEqual(UNENDED_RENDERS_MAX);
      }
      // a message that was not answered for is repeated; every other comes once
      const unknown = world.rows.filter(({ status, target }) => status === 'unknown' && target !== '').length;
      expect(world.got.length).toBe(made.length * TARGETS.length + unknown);
      for (const row of world.rows.filter(({ status }) => status === 'sent')) {
        const same = world.rows.filter((each) => each.slot === row.slot && each.target === row.target);
        expect(same.filter(({ status }) => status === 'sent')).toHaveLength(1);
        expect(Math.max(...same.map(({ attempt }) => attempt))).toBe(row.attempt);
      }
      expect(planAt(world.rows, newest + 121 * 60_000)).toEqual({ rows: [], renders: [], deliveries: [] });
    }),
    { seed: 7, numRuns: 40 },
  );
});

test('while time only goes on, no slot within the bound is left out', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 2 * 24 * 60 }), { minLength: 1, maxLength: 30 }), (pauses) => {
      const world: World = { rows: [], got: [] };
      pass(world, START, 'one', 'no');
      let now = START;
      for (const minutes of pauses) pass(world, (now += minutes * 60_000), 'one', 'no');
      const expected: number[] = [];
      for (let slot = Date.parse('2026-11-16T06:00Z'); slot <= now; slot += 24 * HOUR_MS) expected.push(slot / 1000);
      expect(world.rows.filter(({ status }) => status === 'rendered').map(({ slot }) => slot)).toEqual(expected);
    }),
    { seed: 7, numRuns: 30 },
  );
});

const SLOT = Date.parse('2026-11-16T06:00Z') / 1000;
const key = { project_id: 'shop', report_id: 'daily', slot: SLOT, edition: 1, owner: 'o', detail: '' };
const base: RunRow[] = [
  { ...key, slot: START / 1000, edition: 0, target: '', attempt: 0, status: 'skipped' },
  { ...key, target: '', attempt: 0, status: 'claimed', retry_at: SLOT * 1000 },
  { ...key, target: '', attempt: 1, status: 'rendered', content: '{}' },
  { ...key, target: 'email:lead', attempt: 0, status: 'claimed', retry_at: SLOT * 1000 },
];
const at = (SLOT + 60) * 1000;

test('a project that this process does not know is left to those that do', () => {
  expect(planAt(base, at, { projects: [] })).toEqual({ rows: [], renders: [], deliveries: [] });
});

test('what left the file is skipped, once', () => {
  const gone = planAt(base, at, { definitions: [] });
  expect(gone.rows.map(({ target, status, detail }) => [target, status, detail])).toEqual([
    ['email:lead', 'skipped', 'the report left the reports file'],
  ]);
  expect(planAt([...base, ...gone.rows], at, { definitions: [] }).rows).toEqual([]);
});

test('an attempt whose end nobody knows is repeated until it was the last one', () => {
  const sending = (attempt: number): RunRow => ({ ...key, target: 'email:lead', attempt, status: 'sending' });
  const once = planAt([...base, sending(9)], at);
  expect(once.rows.map(({ status }) => status)).toEqual(['unknown']);
  expect(once.deliveries.map(({ attempt }) => attempt)).toEqual([10]);
  const last = planAt([...base, sending(10)], at);
  expect(last.rows.map(({ status }) => status)).toEqual(['unknown', 'abandoned']);
  expect(last.deliveries).toEqual([]);
});

test('a slot that somebody made by hand is not made again', () => {
  const byHand: RunRow[] = [base[0] as RunRow, { ...key, target: '', attempt: 1, status: 'rendered', content: '{}' }];
  expect(planAt(byHand, at)).toEqual({ rows: [], renders: [], deliveries: [] });
});

test('a report about some projects concerns no other', () => {
  const only = { ...definition, projects: ['shop'] };
  const plan = planAt([], START, { projects: ['shop', 'other'], definitions: [only] });
  expect(plan.rows.map(({ project_id, edition, status }) => [project_id, edition, status])).toEqual([
    ['shop', 0, 'skipped'],
  ]);
});

const toMake: RunRow[] = [
  { ...key, slot: START / 1000, edition: 0, target: '', attempt: 0, status: 'skipped' },
  { ...key, target: '', attempt: 0, status: 'claimed', retry_at: SLOT * 1000 },
];
const begun = (attempt: number): RunRow => ({ ...key, target: '', attempt, status: 'sending' });
const ended = (attempt: number): RunRow => ({ ...key, target: '', attempt, status: 'waiting', retry_at: at });
const deaths = (times: number) =>
  Array.from({ length: times }, (_, index): RunRow[] => [
    begun(index + 1),
    { ...key, target: '', attempt: index + 1, status: 'unknown', retry_at: at },
  ]).flat();

test('a report during which the process stopped is made again behind a pause, which others use', () => {
  const plan = planAt([...toMake, begun(1)], at);
  expect(plan.renders).toEqual([]);
  expect(plan.rows).toMatchObject([{ attempt: 1, status: 'unknown', retry_at: at + 60_000 }]);
  const rows = [...toMake, begun(1), ...plan.rows];
  expect(planAt(rows, at + 59_999)).toEqual({ rows: [], renders: [], deliveries: [] });
  expect(planAt(rows, at + 60_000).renders.map(({ attempt }) => attempt)).toEqual([2]);
});

test('a report is made in spite of one death less than the limit, and fails for good at it', () => {
  const before = planAt([...toMake, ...deaths(UNENDED_RENDERS_MAX - 1)], at);
  expect(before.renders.map(({ attempt }) => attempt)).toEqual([UNENDED_RENDERS_MAX]);
  expect(before.rows).toEqual([]);
  const last = planAt([...toMake, ...deaths(UNENDED_RENDERS_MAX - 1), begun(UNENDED_RENDERS_MAX)], at);
  expect(last.renders).toEqual([]);
  expect(last.rows).toMatchObject([{ target: '', status: 'failed', attempt: UNENDED_RENDERS_MAX }]);
  expect(last.rows[0]?.detail).toContain(`stopped during each of ${UNENDED_RENDERS_MAX} attempts`);
});

test('attempts that ended by themselves are no deaths', () => {
  const tried = [1, 2, 3, 4].flatMap((attempt) => [begun(attempt), ended(attempt)]);
  expect(planAt([...toMake, ...tried], at).renders.map(({ attempt }) => attempt)).toEqual([5]);
  expect(planAt([...toMake, ...tried, begun(5)], at).rows.map(({ status }) => status)).toEqual(['unknown']);
});
