// Figures as CSV.
import { expect, test } from 'vitest';
import { csvText } from '../../../../../services/reporter/figures/csv.js';

test('a header and a line per row, each ended by CR LF; what is missing is empty', () => {
  expect(
    csvText(
      ['name', 'rate'],
      [
        { name: 'a', rate: 0.5 },
        { name: 'b', rate: null },
      ],
    ),
  ).toBe('name,rate\r\na,0.5\r\nb,\r\n');
  expect(csvText(['name'], [])).toBe('name\r\n');
});

test('text that a spreadsheet would run has an apostrophe before it, a negative number has not', () => {
  expect(csvText(['name', 'n'], [{ name: '=1+1', n: -1 }])).toBe(`name,n\r\n'=1+1,-1\r\n`);
});
