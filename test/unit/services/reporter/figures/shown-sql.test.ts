// Statements with literals in place of parameters: nothing that somebody sent ends its literal.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sqlWithLiterals } from '../../../../../services/reporter/figures/shown-sql.js';

function check(value: string | number | readonly string[], expected: string): void {
  expect(sqlWithLiterals('SELECT {value:String}', { value })).toBe(`SELECT ${expected}`);
}

test('text is quoted, numbers and lists are as they are', () => {
  check('demo', `'demo'`);
  check('', `''`);
  check(28, '28');
  check(['a', `b'`], String.raw`['a', 'b\'']`);
});

test('quotes, backslashes and characters that a page would change are escaped', () => {
  check(`it's`, String.raw`'it\'s'`);
  check(`\\`, String.raw`'\\'`);
  check(`\\'`, String.raw`'\\\''`);
  check('a\nb\rc\td\0', String.raw`'a\nb\rc\td\0'`);
  check('é "x" `y`', `'é "x" \`y\`'`);
});

test('a value that looks like a parameter stays what it is', () => {
  expect(sqlWithLiterals('{a:String} {b:String}', { a: '{b:String}', b: 'x' })).toBe(`'{b:String}' 'x'`);
});

test('each place of a parameter is filled, whatever its type', () => {
  const sql = ' SELECT {day:Date}, {n:UInt16}, {day:Date}, {list:Array(String)} ';
  expect(sqlWithLiterals(sql, { day: '2026-11-01', n: 7, list: [] })).toBe(`SELECT '2026-11-01', 7, '2026-11-01', []`);
});

test('a parameter without a value is an error', () => {
  expect(() => sqlWithLiterals('{missing:String}', {})).toThrow('missing');
});

test('no text ends its literal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const literal = sqlWithLiterals('{value:String}', { value: text });
      expect(literal).toMatch(/^'(?:[^'\\]|\\.)*'$/su);
    }),
    { seed: 7 },
  );
});
