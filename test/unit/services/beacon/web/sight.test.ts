// When a generation counts as in sight, how its time adds up, and when it was ignored.
import { expect, test } from 'vitest';
import { createGeneration, tick } from '../../../../../services/beacon/web/generation.js';
import { isIgnored } from '../../../../../services/beacon/web/ignore.js';
import { isInSight } from '../../../../../services/beacon/web/visibility.js';

test('half of the element or half of the viewport is in sight, and nothing of nothing is not', () => {
  const check = (visible: number, height: number, viewport: number, expected: boolean) =>
    expect(isInSight(visible, height, viewport)).toBe(expected);
  check(50, 100, 600, true);
  check(49, 100, 600, false);
  check(300, 6000, 600, true);
  check(299, 6000, 600, false);
  check(0, 0, 600, false);
});

test('time in sight adds up over stretches, begins at the first, and a gap counts for 5 s at most', () => {
  const generation = createGeneration('g');
  tick(generation, false, 500);
  tick(generation, true, 1000);
  tick(generation, true, 1400);
  tick(generation, false, 1600);
  tick(generation, true, 9000);
  tick(generation, false, 9100);
  expect(generation).toMatchObject({ firstVisible: 1000, visibleMs: 700, visibleSince: 0 });
  tick(generation, true, 10_000);
  tick(generation, false, 100_000);
  expect(generation.visibleMs).toBe(5700);
  tick(generation, true, 100_000);
  tick(generation, false, 90_000);
  expect(generation.visibleMs).toBe(5700);
});

test('only what was shown and left alone is ignored, and only once', () => {
  const check = (state: { shown: boolean; acted: boolean }, expected: boolean[]) => {
    const generation = Object.assign(createGeneration('g'), state);
    expect([isIgnored(generation), isIgnored(generation)]).toEqual(expected);
  };
  check({ shown: true, acted: false }, [true, false]);
  check({ shown: false, acted: false }, [false, false]);
  check({ shown: true, acted: true }, [false, false]);
});
