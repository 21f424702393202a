// Lines of a block are found by their newlines alone.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countLines, endedByNewline, lastLine, linesOf } from '../../../../services/sink/lines.js';
import type { DeliveredBlock } from '../../../../shared/runtime/stream.js';

function block(body: string): DeliveredBlock {
  return { table: 'events', rows: 0, position: 'log:1:0', body: Buffer.from(body) };
}

function check(body: string, expected: { numbers: number[]; texts: string[] }): void {
  const lines = linesOf(block(body));
  expect(lines.map((l) => l.number)).toEqual(expected.numbers);
  expect(lines.map((l) => l.bytes.toString())).toEqual(expected.texts);
  expect(countLines(Buffer.from(body))).toBe(expected.texts.length);
  expect(lastLine(Buffer.from(body))?.toString()).toBe(expected.texts.at(-1));
}

test('every line has its number, and blank ones are no rows', () => {
  check('', { numbers: [], texts: [] });
  check('\n\n', { numbers: [], texts: [] });
  check(' \t\r\n', { numbers: [], texts: [] });
  check('a\n', { numbers: [1], texts: ['a\n'] });
  check('a\nb\n', { numbers: [1, 2], texts: ['a\n', 'b\n'] });
  check('a\n\nb\n \n', { numbers: [1, 3], texts: ['a\n', 'b\n'] });
});

test('a last line without a newline gets one', () => {
  check('a\nb', { numbers: [1, 2], texts: ['a\n', 'b\n'] });
  expect(endedByNewline(Buffer.from('a')).toString()).toBe('a\n');
  expect(endedByNewline(Buffer.from('a\n')).toString()).toBe('a\n');
  expect(endedByNewline(Buffer.alloc(0)).length).toBe(0);
});

test('count, lines and last line agree on any bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('\n', ' ', 'x', '\r', 'ä', '{}'), { maxLength: 30 }), (parts) => {
      const body = parts.join('');
      const lines = linesOf(block(body));
      expect(countLines(Buffer.from(body))).toBe(lines.length);
      expect(lastLine(Buffer.from(body))).toEqual(lines.at(-1)?.bytes);
    }),
  );
});
