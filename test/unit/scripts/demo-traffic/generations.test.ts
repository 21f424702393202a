// The generator: what it makes is repeatable, well-formed, within its period, and ends as it says it ends. The outcome is
// judged here by a second, independent reading of the rules.
import { describe, expect, test } from 'vitest';
import { schemaFor } from '../../../../shared/contract/events.js';
import { idTimeMs } from '../../../../shared/contract/ids.js';
import { fullHour, makeGenerations, type Generation } from '../../../../scripts/demo-traffic/generations.js';
import { drawPopulation } from '../../../../scripts/demo-traffic/population.js';
import type { WireEvent } from '../../../../scripts/demo-traffic/wire-event.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const now = fullHour(Date.UTC(2026, 4, 20, 15, 34));
const plan = { seed: 5, generations: 6000, days: 28, now };
const population = drawPopulation(plan.seed, plan.generations);
const generations = makeGenerations(population, plan);
const events = generations.flatMap((generation) => generation.events);

/** Outcome by the plain words of the rules: W 24 h, V 750 ms, thresholds 1/3 and 0.98. */
function outcomeOf(generation: Generation): string {
  const shown = generation.events
    .filter((event) => event.type === 'shown' && (event.forced === true || event.visibleMs >= 750))
    .map(({ t }) => t);
  const decisions = generation.events.filter(decides);
  if (shown.length === 0) return decisions.length === 0 ? 'not_shown' : 'orphan';
  const first = Math.min(...shown);
  const counted = decisions.filter(({ t }) => t >= first - 120_000 && t <= first + DAY_MS);
  const last = counted.reduce<WireEvent | undefined>(
    (latest, event) => (latest && latest.t > event.t ? latest : event),
    undefined,
  );
  if (last === undefined) return 'ignored';
  if (last.type === 'reject') return 'rejected';
  const edits = counted.filter((event) => event.type === 'edit').sort((a, b) => b.t - a.t);
  const similarity = edits[0]?.similarity ?? 1;
  if (similarity < 1 / 3) return 'rejected';
  return similarity < 0.98 ? 'edited' : 'accepted';
}

function decides(event: WireEvent): boolean {
  if (event.type === 'edit' || event.type === 'reject') return true;
  if (event.type === 'accept') return event.method !== 'partial' || (event.chars ?? 0) > 0;
  if (event.type !== 'copy') return false;
  return event.method === 'button' || event.part === 'code' || event.chars >= 40 || event.chars / event.of >= 0.1;
}

test('the same seed and instant give the same generations, another seed others', () => {
  expect(makeGenerations(population, plan)).toEqual(generations);
  expect(makeGenerations(population, { ...plan, seed: 6 })).not.toEqual(generations);
});

test('who, where and whether it is taken do not depend on the instant', () => {
  const essence = (those: readonly Generation[]) =>
    those.map(({ person, cell, taken, shownAt }) => [person, cell, taken, shownAt === undefined]);
  const later = makeGenerations(population, { ...plan, now: now + 17 * HOUR_MS });
  expect(essence(later)).toEqual(essence(generations));
  expect(later[0]?.generatedAt).not.toBe(generations[0]?.generatedAt);
});

test('the instant of a run is the full hour', () => {
  expect(now).toBe(Date.UTC(2026, 4, 20, 15));
  expect(fullHour(now)).toBe(now);
  expect(fullHour(now - 1)).toBe(now - HOUR_MS);
});

describe('every event', () => {
  test('is one that the contract takes as it is', () => {
    for (const event of events) expect(schemaFor(event.type)?.safeParse(event)).toEqual({ success: true, data: event });
  });

  test('has an id of its own', () => {
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  test('happens after its generation was made, within its period, and never after the run', () => {
    for (const { generatedAt, events: own } of generations) {
      expect(generatedAt).toBeGreaterThanOrEqual(now - plan.days * DAY_MS);
      for (const { t } of own) expect(t >= generatedAt && t <= now).toBe(true);
      expect(own.map(({ t }) => t)).toEqual(own.map(({ t }) => t).sort((a, b) => a - b));
    }
  });

  test('is of every kind that the wire knows', () => {
    const kinds = ['accept', 'copy', 'edit', 'generated', 'ignore', 'rate', 'reject', 'retention', 'score', 'shown'];
    expect([...new Set(events.map(({ type }) => type))].sort()).toEqual(kinds);
  });
});

describe('every generation', () => {
  test('ends as it says', () => {
    for (const generation of generations) {
      const outcome = outcomeOf(generation);
      const shown = outcome !== 'not_shown' && outcome !== 'orphan';
      expect(shown).toBe(generation.shownAt !== undefined);
      if (shown) expect(outcome === 'accepted' || outcome === 'edited').toBe(generation.taken);
    }
  });

  test('says when it was made: in its id when it is signed, else beside it', () => {
    for (const { id, cell, generatedAt } of generations)
      expect(idTimeMs(id)).toBe(population.cells[cell]?.signed === true ? generatedAt : undefined);
  });

  test('belongs to the cell that its person was assigned to', () => {
    for (const { person, cell } of generations)
      expect(population.persons[person]?.prompts.some((prompt) => prompt.cell === cell)).toBe(true);
  });
});

test('all outcomes occur, and whether one is shown depends on neither person nor outcome', () => {
  const counts = new Map<string, number>();
  for (const generation of generations) {
    const outcome = outcomeOf(generation);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  const kinds = ['accepted', 'edited', 'ignored', 'not_shown', 'orphan', 'rejected'];
  expect([...counts.keys()].sort()).toEqual(kinds);
  expect((counts.get('not_shown') ?? 0) / generations.length).toBeCloseTo(0.03, 1);
  const share = (unseen: boolean) => {
    const those = generations.filter(({ shownAt }) => (shownAt === undefined) === unseen);
    return those.filter(({ taken }) => taken).length / those.length;
  };
  expect(Math.abs(share(true) - share(false))).toBeLessThan(0.1);
});

test('the measured share follows the true rate of its cell', () => {
  let deviations = 0;
  for (const [cell, rate = 0] of population.trueRates.entries()) {
    const shown = generations.filter((one) => one.cell === cell && one.shownAt !== undefined);
    const measured = shown.filter(({ taken }) => taken).length / shown.length;
    if (Math.abs(measured - rate) > 1.96 * Math.sqrt((rate * (1 - rate)) / shown.length)) deviations += 1;
  }
  expect(deviations).toBeLessThanOrEqual(6);
});
