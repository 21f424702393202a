// How figures are printed.
import { expect, test } from 'vitest';
import { figure, ratio, reaches, type StageReport } from '../../bench/report.js';
import { number, ratioTable, stageText, table, targetTable } from '../../bench/table.js';

test('numbers have three significant digits', () => {
  const check = (value: number, expected: string) => expect(number(value)).toBe(expected);
  check(0, '0.00');
  check(0.01234, '0.0123');
  check(1.5, '1.50');
  check(9.999, '10.00');
  check(12.34, '12.3');
  check(123.4, '123');
  check(1234, '1,230');
  check(123_456, '123,000');
  check(Number.NaN, '-');
});

test('columns are as wide as their widest cell', () => {
  expect(
    table([
      ['a', '1'],
      ['long', '200'],
    ]),
  ).toBe('  a        1\n  long   200');
});

const report: StageReport = {
  stage: 'collector',
  floor: 'nothing',
  ratios: [
    ratio('good', [3], [2], { atMost: 1.5 }),
    ratio('bad', [3.1], [2], { atMost: 1.5 }),
    ratio('rows', [1.7], [2], { atLeast: 0.85 }),
    ratio('free', [1, 2, 3], [1, 1, 1]),
  ],
  figures: [figure('CPU', 'us', [3, 4, 5], [2, 2, 2]), figure('memory', 'MB', [7])],
  notes: ['calm'],
};

test('a target is reached at its bound and missed past it', () => {
  expect(report.ratios.map(({ value, target }) => reaches(value, target))).toEqual([true, false, true, undefined]);
  const { value, target } = ratio('rows', [1.69], [2], { atLeast: 0.85 });
  expect(reaches(value, target)).toBe(false);
});

test('ratios say what was to be reached and how often it was measured', () => {
  const lines = ratioTable([report]).split('\n');
  expect(lines[1]).toMatch(/collector: good +1\.50 +<= 1\.5 yes +1$/);
  expect(lines[2]).toMatch(/collector: bad +1\.55 +<= 1\.5 MISSED +1$/);
  expect(lines[4]).toMatch(/collector: free +2\.00 \(1\.00-3\.00\) +3$/);
});

test('a stage says what its floor is, and figures stand beside it', () => {
  const text = stageText(report);
  expect(text).toContain('floor: nothing');
  expect(text).toMatch(/CPU +us +4\.00 \(3\.00-5\.00\) +2\.00 \(2\.00-2\.00\)/);
  expect(text).toMatch(/memory +MB +7\.00\n/);
  expect(text).toMatch(/note: calm$/);
});

test('figures that are to reach something stand in a table of their own', () => {
  expect(targetTable([report])).toBe('');
  const figures = [figure('rate', '1/s', [29_000, 30_000, 31_000], undefined, { atLeast: 30_000 }), ...report.figures];
  const lines = targetTable([{ ...report, figures }]).split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/collector: rate, 1\/s +30,000 \(29,000-31,000\) +>= 30,000 yes +3$/);
});
