// Log lines of a child that a person is shown.
import { expect, test } from 'vitest';
import { parseLogLine } from '../../../scripts/supervisor/child.js';

test('a structured line gives its level and its sentence with the cause', () => {
  expect(parseLogLine('{"level":50,"msg":"cannot go on","err":{"message":"no disk"}}')).toEqual({
    level: 50,
    sentence: 'cannot go on: no disk',
  });
  expect(parseLogLine('{"level":30,"msg":"ready"}')).toEqual({ level: 30, sentence: 'ready' });
});

test('any other line is not one', () => {
  for (const line of ['', 'plain words', '[1]', '{"level":"high","msg":"x"}', 'null'])
    expect(parseLogLine(line)).toBeUndefined();
});
