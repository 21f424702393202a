// Which pairs are chosen: versions, arms, models, pairs of the projects file, and how long they are looked at.
import { expect, test } from 'vitest';
import { comparisonSettingsSchema, projectSchema } from '../../../../../shared/contract/projects.js';
import type { Cell } from '../../../../../services/reporter/comparisons/cell.js';
import { configuredPairs } from '../../../../../services/reporter/comparisons/configured-pairs.js';
import { controlOf, experimentPairs } from '../../../../../services/reporter/comparisons/experiment-pairs.js';
import { findPairs, isLive, LIVE_DAYS } from '../../../../../services/reporter/comparisons/find-pairs.js';
import { matchPairs } from '../../../../../services/reporter/comparisons/members.js';
import { challengerKey, incumbentOf, type Usage } from '../../../../../services/reporter/comparisons/model-pairs.js';
import { pairOf, type Pair } from '../../../../../services/reporter/comparisons/pair.js';
import { promptVersionPairs } from '../../../../../services/reporter/comparisons/prompt-version-pairs.js';
import { cellOf } from '../../../../support/comparison-cases.js';

const names = (pairs: readonly Pair[]) => pairs.map(({ nameA, nameB }) => `${nameA} | ${nameB}`);
const day = (date: number) => `2026-03-${String(date).padStart(2, '0')}`;

function checkVersions(title: string, versions: readonly [string, number][], expected: readonly string[]): void {
  test(title, () => {
    const cells = versions.map(([prompt_version, first]) => cellOf({ prompt_version, first_day: day(first) }));
    expect(names(promptVersionPairs(cells))).toEqual(expected);
    expect(names(promptVersionPairs(cells.toReversed()))).toEqual(expected);
  });
}
checkVersions('one version is compared with nothing', [['1', 2]], []);
checkVersions(
  'the two first seen last are compared',
  [
    ['1', 2],
    ['2', 3],
    ['3', 4],
  ],
  ['version 2 | version 3'],
);
checkVersions(
  'the day decides, not the name',
  [
    ['9', 4],
    ['10', 3],
  ],
  ['version 10 | version 9'],
);
checkVersions(
  'of one day the later name is the newer, read as people do',
  [
    ['9', 2],
    ['10', 2],
  ],
  ['version 9 | version 10'],
);
checkVersions(
  'a version in several cells counts from its first day',
  [
    ['1', 5],
    ['2', 4],
    ['1', 2],
  ],
  ['version 1 | version 2'],
);

test('surfaces, projects and metric versions are compared by themselves; unknown versions and those never final are not', () => {
  const of = (over: Partial<Cell>) => [
    cellOf({ prompt_version: '1', ...over }),
    cellOf({ prompt_version: '2', ...over }),
  ];
  const cells = [...of({}), ...of({ surface: 'cli' }), ...of({ project_id: 'b' }), ...of({ metric_version: 'm' })];
  expect(new Set(promptVersionPairs(cells).map(({ id }) => id)).size).toBe(4);
  expect(promptVersionPairs([...of({ prompt_id: '' }), cellOf({ prompt_version: '1' }), cellOf()])).toEqual([]);
  expect(promptVersionPairs([cellOf({ prompt_version: '1' }), cellOf({ prompt_version: '2', mature: 0 })])).toEqual([]);
});

test('the control is the configured one, else the one that says so, else the first', () => {
  expect(controlOf(['A', 'B'], 'B')).toBe('B');
  expect(controlOf(['A', 'B'], 'C')).toBeUndefined();
  expect(controlOf(['A', 'control', 'baseline'], undefined)).toBe('control');
  expect(controlOf(['Baseline', 'new'], undefined)).toBe('Baseline');
  expect(controlOf(['b', 'A'], undefined)).toBe('A');
  expect(controlOf(['x2', 'x10'], undefined)).toBe('x2');
  expect(controlOf([], undefined)).toBeUndefined();
});

test('every other arm is compared with the control, across prompts and surfaces; a canary is no experiment', () => {
  const arm = (name: string, over: Partial<Cell> = {}) =>
    cellOf({ experiment: 'e', arm: name, assignment: 'randomised:user', ...over });
  const cells = [arm('B'), arm('C'), arm('A', { prompt_id: 'q' }), arm('A'), arm('D', { assignment: 'canary' })];
  expect(names(experimentPairs(cells, {}))).toEqual(['arm A | arm B of experiment e', 'arm A | arm C of experiment e']);
  expect(names(experimentPairs(cells, { e: { control: 'C', weights: {} } }))).toEqual([
    'arm C | arm A of experiment e',
    'arm C | arm B of experiment e',
  ]);
});

test('arms of the same names in two experiments are told apart', () => {
  const cells = ['tone', 'length'].flatMap((experiment) =>
    ['control', 'new'].map((arm) => cellOf({ experiment, arm, assignment: 'randomised:user' })),
  );
  expect(names(experimentPairs(cells, {}))).toEqual([
    'arm control | arm new of experiment tone',
    'arm control | arm new of experiment length',
  ]);
});

test('the incumbent is the most used before; of those that came on one day the most used then', () => {
  const usage = (model: string, before: number, onFirstDay: number): Usage => ({
    candidate: { model, modelVersion: '' },
    before,
    onFirstDay,
  });
  const challenger = { model: 'new', modelVersion: '' };
  const of = (...all: Usage[]) => incumbentOf(challenger, all)?.model;
  expect(of(usage('old', 10, 0), usage('older', 20, 0), usage('new', 0, 500))).toBe('older');
  expect(of(usage('b', 10, 0), usage('a', 10, 0))).toBe('a');
  expect(of(usage('new', 0, 10), usage('twin', 0, 20))).toBe('twin');
  expect(of(usage('new', 0, 30), usage('twin', 0, 20))).toBe('new');
  expect(of()).toBeUndefined();
});

test('what came later is held against what was there before, whatever their names say', () => {
  const project = projectSchema.parse({ id: 'acme', hashKey: { value: 'x'.repeat(16) } });
  const [first, second] = [
    { project_id: 'acme', prompt_version: '9', model: 'zeta', first_day: day(2) },
    { project_id: 'acme', prompt_version: '10', model: 'alpha', first_day: day(5) },
  ];
  const usage = (model: string, before: number): Usage => ({
    candidate: { model, modelVersion: '' },
    ...{ before, onFirstDay: 10 },
  });
  const known = (surface: string, metric: string) =>
    new Map([
      [challengerKey('acme', surface, metric, { model: 'zeta', modelVersion: '' }), [usage('zeta', 0)]],
      [
        challengerKey('acme', surface, metric, { model: 'alpha', modelVersion: '' }),
        [usage('zeta', 40), usage('alpha', 0)],
      ],
    ]);
  const cells = [cellOf(first), cellOf(second)].map((cell) => ({ ...cell, model_version: '' }));
  const [cell] = cells;
  const found = findPairs(cells, [project], known(cell?.surface ?? '', cell?.metric_version ?? ''), []);
  expect(names(found)).toEqual(['version 9 | version 10', 'model zeta | model alpha']);
});

test('configured pairs are there once for each metric version of which both sides have cells', () => {
  const { pairs } = comparisonSettingsSchema.parse({
    pairs: [{ nameA: 'calm', a: { prompt_id: 'p', arm: 'x' }, b: { prompt_id: 'p', arm: 'y' } }],
  });
  const cells = [cellOf({ arm: 'x' }), cellOf({ arm: 'y' }), cellOf({ arm: 'x', metric_version: 'other' })];
  const [pair, ...others] = configuredPairs(cells, pairs, 'acme');
  expect(others).toEqual([]);
  expect(pair).toMatchObject({ nameA: 'calm', nameB: 'arm y', promptId: 'p', surface: '', strata: ['surface'] });
});

test('the id does not depend on the order of columns, and differs by everything else', () => {
  const base: Omit<Pair, 'id'> = {
    kind: 'configured',
    projectId: 'p',
    promptId: '',
    surface: '',
    nameA: '',
    nameB: '',
    a: { model: 'm', arm: 'x' },
    b: { model: 'm', arm: 'y' },
    metricVersion: 'v',
    strata: [],
  };
  const { id } = pairOf(base);
  expect(pairOf({ ...base, a: { arm: 'x', model: 'm' } }).id).toBe(id);
  expect(pairOf({ ...base, nameA: 'other', strata: ['surface'] }).id).toBe(id);
  for (const over of [
    { kind: 'experiment' },
    { projectId: 'q' },
    { surface: 's' },
    { a: base.b, b: base.a },
    { metricVersion: 'w' },
  ] as const)
    expect(pairOf({ ...base, ...over }).id).not.toBe(id);
});

test('a pair is looked at until a side was not seen for fourteen days; of versions only the newer must be seen', () => {
  const live = (kind: Pair['kind'], lastA: string, lastB: string) => isLive({ kind } as Pair, day(20), lastA, lastB);
  expect(LIVE_DAYS).toBe(14);
  expect(live('experiment', day(7), day(7))).toBe(true);
  expect(live('experiment', day(6), day(20))).toBe(false);
  expect(live('experiment', day(20), day(6))).toBe(false);
  expect(live('prompt_version', day(1), day(7))).toBe(true);
  expect(live('prompt_version', day(20), day(6))).toBe(false);
});

test('members are the cells of both sides, in the same stratum where the columns of the stratum agree', () => {
  const cell = (prompt_version: string, model: string, over: Partial<Cell> = {}) =>
    cellOf({ prompt_version, model, ...over });
  const cells = [cell('1', 'm'), cell('1', 'n'), cell('2', 'n'), cell('2', 'n', { surface: 'cli' })];
  const { pairs, members } = matchPairs(promptVersionPairs(cells), cells);
  expect(pairs).toHaveLength(1);
  expect(
    members.map(({ cell: of, side, stratum, c }) => [cells.findIndex((known) => known.cell === of), c, side, stratum]),
  ).toEqual([
    [0, 0, 0, 0],
    [1, 0, 0, 1],
    [2, 0, 1, 1],
  ]);
});

test('cells of projects that the file does not name are left alone, and a pair found twice is looked at once', () => {
  const project = projectSchema.parse({ id: 'acme', hashKey: { value: 'x'.repeat(16) } });
  const cells = ['acme', 'other'].flatMap((project_id) =>
    ['1', '2'].map((prompt_version) => cellOf({ project_id, prompt_version })),
  );
  expect(findPairs(cells, [project], new Map(), [])).toHaveLength(1);
});
