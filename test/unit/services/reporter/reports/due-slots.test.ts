// Which slots are made now: what is new begins, what is due is claimed, what is too old is marked once.
import { expect, test } from 'vitest';
import { reportDefinitionSchema } from '../../../../../services/reporter/reports/definition.js';
import { dueSlotRows, ON_TIME_MS } from '../../../../../services/reporter/reports/due-slots.js';
import type { Cursor } from '../../../../../services/reporter/reports/schedule-ledger.js';

const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-11-16T07:00:00Z');
const ms = (instant: string) => Date.parse(`2026-11-${instant}:00Z`);

interface Case {
  /** Newest slot that each project has come to. */
  readonly cursors: Readonly<Record<string, Partial<Cursor>>>;
  readonly projects?: readonly string[];
  readonly now?: number;
  readonly catchUpHours?: number;
  readonly cron?: string;
}

/** `project slot status detail` of each row. */
function due({
  cursors,
  projects = Object.keys(cursors),
  now = NOW,
  catchUpHours = 48,
  cron = '0 6 * * *',
}: Case): string[] {
  const definition = reportDefinitionSchema.parse({ id: 'daily', cron, windowDays: 7, catchUpHours });
  const known = Object.entries(cursors).map(([project_id, over]): [string, Cursor] => [
    project_id,
    { project_id, report_id: 'daily', newest: 0, known: [], stored: 0, givenUp: 0, ...over },
  ]);
  return dueSlotRows({ definition, projects, cursors: new Map(known), now, owner: 'a test' }).map((row) =>
    `${row.project_id} ${new Date(row.slot * 1000).toISOString().slice(8, 16)} ${row.status}${row.edition === 0 ? '' : ` ${row.edition}`} ${row.detail}`.trim(),
  );
}

test('of no projects nothing is due', () => {
  expect(due({ cursors: {} })).toEqual([]);
});

test('a report that is seen first remembers when, and makes nothing', () => {
  expect(due({ cursors: {}, projects: ['shop'] })).toEqual(['shop 16T07:00 skipped first seen']);
});

test('a project that comes later begins by itself, beside one that goes on', () => {
  expect(due({ cursors: { shop: { newest: ms('15T06:00') } }, projects: ['shop', 'desk'] })).toEqual([
    'shop 16T06:00 claimed 1',
    'desk 16T07:00 skipped first seen',
  ]);
});

test('a slot is due at its instant, not before, and not again', () => {
  const cursors = { shop: { newest: ms('15T06:00') } };
  expect(due({ cursors, now: ms('16T06:00') - 1 })).toEqual([]);
  expect(due({ cursors, now: ms('16T06:00') })).toEqual(['shop 16T06:00 claimed 1']);
  expect(due({ cursors: { shop: { newest: ms('16T06:00') } } })).toEqual([]);
});

test('a slot that is there already, by hand or by a clock that ran ahead, is not made again', () => {
  const newest = ms('13T06:00');
  expect(due({ cursors: { shop: { newest, known: [ms('15T06:00')] } }, catchUpHours: 72 })).toEqual([
    'shop 14T06:00 claimed 1',
    'shop 16T06:00 claimed 1',
  ]);
});

test.each([
  [48, 48, 'shop 14T06:00 claimed 1'],
  [
    48,
    48 * HOUR_MS + 1,
    'shop 14T06:00 skipped 1 missed for longer than 48 hours; so were those since 2026-11-13 before it',
  ],
  [0, ON_TIME_MS, 'shop 14T06:00 claimed 1'],
  [
    0,
    ON_TIME_MS + 1,
    'shop 14T06:00 skipped 1 missed for longer than 0 hours; so were those since 2026-11-13 before it',
  ],
])('with a bound of %d h the slot of the 14th is, %d ms later: %s', (catchUpHours, later, first) => {
  const now = ms('14T06:00') + later;
  expect(due({ cursors: { shop: { newest: ms('13T06:00') } }, catchUpHours, now })[0]).toBe(first);
});

test('of many missed slots one row says so, and those within the bound are made', () => {
  expect(due({ cursors: { shop: { newest: ms('02T06:00') } } })).toEqual([
    'shop 14T06:00 skipped 1 missed for longer than 48 hours; so were those since 2026-11-02 before it',
    'shop 15T06:00 claimed 1',
    'shop 16T06:00 claimed 1',
  ]);
});

test('a project that is further on than another is not asked for what it has', () => {
  expect(due({ cursors: { shop: { newest: ms('16T06:00') }, desk: { newest: ms('14T06:00') } } })).toEqual([
    'desk 15T06:00 claimed 1',
    'desk 16T06:00 claimed 1',
  ]);
});

test('a report that has never been due makes nothing', () => {
  expect(due({ cursors: { shop: { newest: ms('02T06:00') } }, cron: '0 6 29 2 *' })).toEqual([]);
});
