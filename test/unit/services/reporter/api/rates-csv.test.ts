// Fields of the CSV.
import { expect, test } from 'vitest';
import { csvField } from '../../../../../services/reporter/figures/csv.js';

test.each([
  ['plain', 'plain'],
  ['', ''],
  [null, ''],
  [0.25, '0.25'],
  [-1, '-1'],
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ['two\nlines', '"two\nlines"'],
  ['=cmd()', "'=cmd()"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@x', "'@x"],
  ['=a,"b"', `"'=a,""b"""`],
])('%j is written as %j', (value, expected) => {
  expect(csvField(value)).toBe(expected);
});
