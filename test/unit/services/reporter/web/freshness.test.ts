// What the page says about the age of its figures.
import { expect, test } from 'vitest';
import { freshnessLine, freshnessOf } from '../../../../../services/reporter/web/freshness.js';
import type { RollupStatus } from '../../../../../services/reporter/rollup/run.js';

const NOW = Date.UTC(2026, 10, 24, 12);

function status(differences: Partial<RollupStatus> = {}): RollupStatus {
  return { lastLookAt: NOW - 3000, waiting: 0, failingSince: 0, ...differences };
}

test.each([
  [status(), true, 'fresh'],
  [status({ waiting: 1 }), true, 'fresh'],
  [status({ waiting: 2 }), true, 'behind'],
  [status({ lastLookAt: NOW - 60_000 }), true, 'fresh'],
  [status({ lastLookAt: NOW - 60_001 }), true, 'behind'],
  [status({ lastLookAt: 0 }), true, 'behind'],
  [status({ failingSince: NOW - 1 }), true, 'failing'],
  [status(), false, 'off'],
] as const)('%o with a schedule: %s is %s', (now, scheduled, expected) => {
  expect(freshnessOf(now, scheduled, NOW)).toBe(expected);
});

test('the age of the figures is always said, also while they stand still', () => {
  const line = freshnessLine(NOW - 12 * 60_000, status(), false, NOW).markup;
  expect(line).toContain('Figures as of');
  expect(line).toContain('12 min ago');
  expect(line).toContain('The roll-up is off: figures stand still.');
});
