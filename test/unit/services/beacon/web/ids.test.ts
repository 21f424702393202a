// Event ids: UUIDv7, in the order of time, never twice.
import { expect, test } from 'vitest';
import { uuid7 } from '../../../../../services/beacon/web/ids.js';
import { idTimeMs } from '../../../../../shared/contract/ids.js';

test('an id is a UUIDv7 of its time', () => {
  const now = Date.UTC(2026, 10, 24, 12);
  const id = uuid7(now + 0.7);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(idTimeMs(id)).toBe(now);
});

test('ids sort by time and 20,000 of one millisecond differ', () => {
  expect(uuid7(1_700_000_000_000) < uuid7(1_700_000_000_001)).toBe(true);
  expect(new Set(Array.from({ length: 20_000 }, () => uuid7(1_700_000_000_000))).size).toBe(20_000);
});
