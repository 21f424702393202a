// How a file of SQL is cut into statements.
import { expect, test } from 'vitest';
import { fillMacros, splitStatements } from '../../../../infra/clickhouse/sql-file.js';

test('statements end at semicolons outside quotes and comments', () => {
  const check = (text: string, expected: string[]) => expect(splitStatements(text)).toEqual(expected);
  check('', []);
  check('SELECT 1', ['SELECT 1']);
  check('SELECT 1;', ['SELECT 1']);
  check('SELECT 1; SELECT 2;\n', ['SELECT 1', 'SELECT 2']);
  check("SELECT ';';SELECT 2", ["SELECT ';'", 'SELECT 2']);
  check("SELECT 'it''s;', '\\';'; x", ["SELECT 'it''s;', '\\';'", 'x']);
  check('SELECT `a;b`, "c;d"; x', ['SELECT `a;b`, "c;d"', 'x']);
  check('-- a; b\nSELECT 1; -- c;\n', ['-- a; b\nSELECT 1']);
  check('/* a; */ SELECT 1 /* ;\n; */;', ['/* a; */ SELECT 1 /* ;\n; */']);
  check(';;\n-- nothing\n;', []);
});

test('a quote that is not closed is an error', () => {
  expect(() => splitStatements("SELECT 'a; SELECT 2")).toThrow(/not closed/);
});

test('macros are filled in, single braces are left to the server, an unknown macro is an error', () => {
  expect(fillMacros('{{a}}.x {b:String} {{a}}', { a: 'db' })).toBe('db.x {b:String} db');
  expect(() => fillMacros('{{c}}', { a: 'db' })).toThrow(/\{\{c\}\}/);
});
