// In which order due days are computed: no day is starved by another that is looked at a second time.
import { expect, test } from 'vitest';
import { INGEST_MARGIN_MS, dueDays, type DayFacts } from '../../../../../services/reporter/rollup/due.js';

const NOW = Date.UTC(2026, 4, 20, 12);
const QUICK_MS = 100;

/** A settled day that was rolled up `asOfAgo` ms ago and got its newest event `ingestedAgo` ms ago. */
function day(name: string, asOfAgo: number | undefined, ingestedAgo: number): DayFacts {
  const lastRun =
    asOfAgo === undefined ? {} : { lastRun: { asOf: NOW - asOfAgo, at: NOW - asOfAgo, durationMs: QUICK_MS } };
  return { day: name, lastIngestedAt: NOW - ingestedAgo, settledAt: 0, settingsAt: 0, recomputable: true, ...lastRun };
}

function order(...days: DayFacts[]): string[] {
  const due = dueDays({ now: NOW, today: '2026-05-20', outcomeRuleAt: 0, days, failed: new Map() });
  return due.map(({ day: name, reason }) => `${name} ${reason}`);
}

test('today comes first, then days with something new, the newest first', () => {
  expect(
    order(
      day('2026-05-17', undefined, 5000),
      day('2026-05-18', 60_000, 5000),
      day('2026-05-19', 60_000, 5000),
      day('2026-05-20', 60_000, 90_000),
    ),
  ).toEqual(['2026-05-20 again', '2026-05-19 ingested', '2026-05-18 ingested', '2026-05-17 new']);
});

test('a second look waits for every day that has something new, however old that is', () => {
  expect(
    order(day('2026-05-19', 30_000, 60_000), day('2026-05-18', 40_000, 60_000), day('2026-04-01', 90_000, 60_000)),
  ).toEqual(['2026-04-01 ingested', '2026-05-18 again', '2026-05-19 again']);
});

test('second looks go on until the margin has passed and not beyond', () => {
  const asOfAgo = 10_000;
  expect(order(day('2026-05-19', asOfAgo, asOfAgo + INGEST_MARGIN_MS))).toEqual(['2026-05-19 again']);
  expect(order(day('2026-05-19', asOfAgo, asOfAgo + INGEST_MARGIN_MS + 1))).toEqual([]);
});

test('under events that came at once for many days, every day gets its turn before any gets a third', () => {
  const names = Array.from({ length: 29 }, (_, index) => `2026-04-${String(index + 1).padStart(2, '0')}`);
  const runs = new Map<string, number>();
  const lastRun = new Map<string, { asOf: number; at: number; durationMs: number }>();
  let now = NOW;
  for (let step = 0; step < 58; step += 1) {
    const days = names.map((name): DayFacts => {
      const run = lastRun.get(name);
      const facts = { day: name, lastIngestedAt: NOW - 1, settledAt: 0, settingsAt: 0, recomputable: true };
      return run === undefined ? facts : { ...facts, lastRun: run };
    });
    const [next] = dueDays({ now, today: '2026-05-20', outcomeRuleAt: 0, days, failed: new Map() });
    if (next === undefined) break;
    lastRun.set(next.day, { asOf: now, at: now + 500, durationMs: 500 });
    runs.set(next.day, (runs.get(next.day) ?? 0) + 1);
    now += 500;
  }
  expect(new Set(runs.values())).toEqual(new Set([2]));
});
