// Dead letters keep the bytes, within a bound, and tell the reason without a value.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deadBlock, deadLine, encodeDeadLetter, type DeadLetter } from '../../../../services/sink/dead-letters.js';
import { DEAD_ROW_BYTES_MAX } from '../../../../services/sink/limits.js';
import { linesOf } from '../../../../services/sink/lines.js';
import type { DeliveredBlock } from '../../../../shared/runtime/stream.js';

const REFUSAL = { code: 27, detail: 'ClickHouse 27 CANNOT_PARSE_INPUT_ASSERTION_FAILED', index: 0 };

function lettersOf(body: string): DeadLetter[] {
  const block: DeliveredBlock = { table: 'drops', rows: 1, position: 'log:5-1:40', body: Buffer.from(body) };
  return linesOf(block).map((line) => deadLine(line, REFUSAL));
}

test('a line keeps its position, its table, its bytes and what can be told of it', () => {
  const check = (line: string, expected: Partial<DeadLetter>) =>
    expect(lettersOf(`{}\n${line}\n`)[1]).toEqual({
      position: 'log:5-1:40:2',
      target: 'drops',
      detail: REFUSAL.detail,
      row: Buffer.from(line),
      projectId: '',
      reason: 'rejected_row',
      ...expected,
    });
  check('{"project_id":"demo","n":-1}', { projectId: 'demo' });
  check('{"project_id":7}', {});
  check('{"project_id":"\\ud83d"}', { projectId: '\ufffd' });
  check(`{"project_id":"${'x'.repeat(300)}"}`, { projectId: 'x'.repeat(200) });
  check('{}', {});
  check('{"project_id":"demo"', { reason: 'unparsable_row' });
  check('[{"project_id":"demo"}]', { reason: 'unparsable_row' });
  check('null', { reason: 'unparsable_row' });
  check('"text"', { reason: 'unparsable_row' });
  check('7', { reason: 'unparsable_row' });
});

test('an unreadable block is kept as line 0 of its position, with the reason of the reader', () => {
  const bytes = Buffer.from([1, 2, 3]);
  expect(deadBlock({ position: 'log:5-1:40', reason: 'unknown_version', detail: 'version 9', bytes })).toEqual({
    position: 'log:5-1:40:0',
    target: 'events',
    reason: 'unknown_version',
    detail: 'version 9',
    row: bytes,
    projectId: '',
  });
});

test('bytes are kept up to the bound, and the detail says when some are cut', () => {
  const letterOf = (bytes: number) =>
    deadBlock({ position: 'p', reason: 'bad_crc', detail: 'differs', bytes: Buffer.alloc(bytes, 'x') });
  expect(letterOf(DEAD_ROW_BYTES_MAX)).toMatchObject({ detail: 'differs', row: { length: DEAD_ROW_BYTES_MAX } });
  const cut = letterOf(DEAD_ROW_BYTES_MAX + 1);
  expect(cut.row.length).toBe(DEAD_ROW_BYTES_MAX);
  expect(cut.detail).toBe(`differs; the first ${DEAD_ROW_BYTES_MAX} of ${DEAD_ROW_BYTES_MAX + 1} bytes are kept`);
});

test('an encoded dead letter is one line of JSON that stands for exactly these bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const letter = deadBlock({ position: 'p', reason: 'bad_crc', detail: 'd', bytes: Buffer.from(bytes) });
      const line = encodeDeadLetter(letter, 1234);
      expect(line.indexOf(10)).toBe(line.length - 1);
      // Read byte by byte, as ClickHouse does: it does not ask whether a string is valid UTF-8.
      const row = JSON.parse(line.toString('latin1')) as { row: string; first_seen: number };
      expect(Buffer.from(row.row, 'latin1')).toEqual(Buffer.from(bytes));
      expect(row).toMatchObject({ first_seen: 1234, last_seen: 1234, target: 'events', reason: 'bad_crc' });
    }),
  );
});
