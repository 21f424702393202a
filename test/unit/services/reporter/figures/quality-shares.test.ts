// Shares of doubtful data: of what, and from when on they are too high.
import { expect, test } from 'vitest';
import {
  isDoubtful,
  NO_COUNTS,
  qualityShare,
  qualityShares,
  SHARE_KEYS,
  type QualityCounts,
} from '../../../../../services/reporter/figures/quality-shares.js';

const COUNTS: QualityCounts = {
  shown: 980,
  mature: 700,
  not_shown: 100,
  orphan: 20,
  forced: 98,
  clock_suspect: 49,
  late: 35,
  unresolved: 245,
  persons: 200,
  session_persons: 101,
};

test('each share says of what it is one', () => {
  expect(qualityShares(COUNTS).map(({ key, part, whole, share }) => [key, part, whole, share])).toEqual([
    ['orphans', 20, 1000, 0.02],
    ['late', 35, 700, 0.05],
    ['clock_suspects', 49, 980, 0.05],
    ['forced', 98, 980, 0.1],
    ['sessions_only', 101, 200, 0.505],
    ['unresolved', 245, 980, 0.25],
    ['never_shown', 100, 1100, 100 / 1100],
  ]);
});

test('a share at its limit is fine, above it it is doubtful, and without a limit never', () => {
  const doubtful = qualityShares(COUNTS).filter(isDoubtful);
  expect(doubtful.map(({ key }) => key)).toEqual(['forced', 'sessions_only']);
  expect(isDoubtful({ share: 0.020001, limit: 0.02 })).toBe(true);
  expect(isDoubtful({ share: 1, limit: null })).toBe(false);
});

test('of nothing there is no share', () => {
  for (const key of SHARE_KEYS) {
    expect(qualityShare(key, NO_COUNTS).share).toBeNull();
    expect(isDoubtful(qualityShare(key, NO_COUNTS))).toBe(false);
  }
});
