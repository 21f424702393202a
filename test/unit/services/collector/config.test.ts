// What the collector's environment may say.
import { expect, test } from 'vitest';
import { collectorConfigSchema, LOG_BYTES_LEAST } from '../../../../services/collector/config.js';

function check(bytes: string, expected: number | string): void {
  const parsed = collectorConfigSchema.safeParse({ TACIT_LOG_BYTES_MAX: bytes });
  expect(parsed.success ? parsed.data.TACIT_LOG_BYTES_MAX : parsed.error.issues[0]?.message).toBe(expected);
}

test('the bound of the log is a whole number of bytes, not below the least', () => {
  check(String(LOG_BYTES_LEAST), LOG_BYTES_LEAST);
  check(String(LOG_BYTES_LEAST - 1), `must be ${LOG_BYTES_LEAST} bytes or more`);
  check('20000000.5', 'must be a whole number of bytes');
  check('much', 'must be a number of bytes');
});

test('without a word the log bounds itself', () => {
  expect(collectorConfigSchema.parse({}).TACIT_LOG_BYTES_MAX).toBeUndefined();
});
