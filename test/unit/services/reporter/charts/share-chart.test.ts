// The small chart of a share by day.
import { expect, test } from 'vitest';
import { shareChart, type ShareDay } from '../../../../../services/reporter/charts/share-chart.js';

const DAYS: ShareDay[] = [
  { day: '2026-11-10', share: 0.01 },
  { day: '2026-11-11', share: 0.031 },
  { day: '2026-11-12', share: 0.004 },
];

test('the label says the newest and the highest day and the limit', () => {
  expect(String(shareChart({ name: 'Orphans', days: DAYS, limit: 0.02 }))).toContain(
    'aria-label="Orphans by day: 0.4 % on 12 Nov, at most 3.1 % on 11 Nov; the limit is 2.0 %"',
  );
  expect(String(shareChart({ name: 'Orphans', days: DAYS, limit: null }))).not.toContain('limit');
});

test('the newest share, the limit and the days are written beside the line', () => {
  const chart = String(shareChart({ name: 'Orphans', days: DAYS, limit: 0.02 }));
  const written = [...chart.matchAll(/<text[^>]*>([^<]*)<\/text/g)].map(([, text = '']) => text.trim());
  expect(written).toEqual(['limit 2 %', '0.4 %', '10 Nov', '12 Nov']);
});

test('a day without a share is a gap, and without any there is no chart', () => {
  const gap: ShareDay = { day: '2026-11-11', share: null };
  const chart = String(
    shareChart({ name: 'Late', days: [DAYS[0] as ShareDay, gap, DAYS[2] as ShareDay], limit: null }),
  );
  expect(/class="share-line" d="([^"]*)"/.exec(chart)?.[1]?.match(/M/g)?.length).toBe(2);
  expect(shareChart({ name: 'Late', days: [gap], limit: 0.05 })).toBeNull();
  expect(shareChart({ name: 'Late', days: [], limit: 0.05 })).toBeNull();
});

test('a single day and shares of nothing and of all are drawn within the plot', () => {
  for (const share of [0, 1]) {
    const chart = String(shareChart({ name: 'Late', days: [{ day: '2026-11-10', share }], limit: 0.05 }));
    const y = Number(/cy="([\d.]+)"/.exec(chart)?.[1]);
    expect(y).toBeGreaterThanOrEqual(2);
    expect(y).toBeLessThanOrEqual(76);
    // its number stands above it
    expect(Number(/class="newest last"[^>]* y="([\d.]+)"/.exec(chart)?.[1])).toBeLessThan(y);
    expect(chart).not.toMatch(/NaN|Infinity|undefined/);
  }
});
