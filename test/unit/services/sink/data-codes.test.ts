// Bad data is a closed list of codes; everything else is weather.
import { expect, test } from 'vitest';
import { asRefusal, serverCode } from '../../../../services/sink/data-codes.js';
import { ClickHouseError } from '../../../../shared/runtime/clickhouse.js';
import { WeatherError } from '../../../../shared/runtime/errors.js';

const DATA = [25, 26, 27, 33, 41, 53, 72, 117, 376, 691];

test('exactly ten codes blame the data', () => {
  const blamed = Array.from({ length: 1500 }, (_, code) => code).filter(
    (code) => asRefusal(new ClickHouseError('refused', code, false)) !== undefined,
  );
  expect(blamed).toEqual(DATA);
});

test('what is no answer of the server is weather', () => {
  for (const error of [
    new ClickHouseError('unreachable', undefined, true),
    new WeatherError('27', 'code 27', { retriable: true }),
    new Error('Code: 27'),
    Object.assign(new Error('no'), { serverCode: 27 }),
    27,
    undefined,
  ]) {
    expect(asRefusal(error)).toBeUndefined();
    expect(serverCode(error)).toBeUndefined();
  }
});

test('a refusal names code, column and row, and no other word of the message', () => {
  const check = (message: string, expected: { detail: string; index: number | undefined }) =>
    expect(asRefusal(new ClickHouseError(message, 376, false))).toEqual({ code: 376, ...expected });
  check('ClickHouse refused: CANNOT_PARSE_UUID (376): column event_id, row 3', {
    detail: 'ClickHouse 376 CANNOT_PARSE_UUID, column event_id',
    index: 2,
  });
  check('ClickHouse refused: CANNOT_PARSE_UUID (376): row 1', { detail: 'ClickHouse 376 CANNOT_PARSE_UUID', index: 0 });
  check('somebody@example.com', { detail: 'ClickHouse 376 CANNOT_PARSE_UUID', index: undefined });
  check('column Somebody@example.com, row 0', { detail: 'ClickHouse 376 CANNOT_PARSE_UUID', index: undefined });
});
