// How events travel: with duplicates and without, the set of true events is the same.
import { describe, expect, test } from 'vitest';
import { DROP_REASONS } from '../../../../shared/contract/drop-reasons.js';
import { BAD_REASONS } from '../../../../scripts/demo-traffic/bad-events.js';
import { fullHour } from '../../../../scripts/demo-traffic/generations.js';
import type { Mail } from '../../../../scripts/demo-traffic/parcels.js';
import { expectedTally, makeTraffic, tallyProblems } from '../../../../scripts/demo-traffic/traffic.js';
import type { WireEvent } from '../../../../scripts/demo-traffic/wire-event.js';

const plan = { seed: 3, generations: 2000, days: 28, now: fullHour(Date.UTC(2026, 6, 1)) };
const rough = makeTraffic(plan, true);
const plain = makeTraffic(plan, false);
const parcelsOf = (mail: Mail) => [...mail.parcels, ...mail.late];
const eventsOf = (mail: Mail) => parcelsOf(mail).flatMap(({ events }) => events);

/** What the copies of each event say together: the earliest of them. */
function trueEvents(events: readonly WireEvent[]): Map<string, WireEvent> {
  const earliest = new Map<string, WireEvent>();
  for (const event of events) {
    const known = earliest.get(event.id);
    if (known === undefined || event.t < known.t) earliest.set(event.id, event);
  }
  return earliest;
}

describe('with duplicates', () => {
  test('the true events are those without', () => {
    const sorted = (mail: Mail) => [...trueEvents(eventsOf(mail)).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(sorted(rough.mail)).toEqual(sorted(plain.mail));
  });

  test('some events repeat as they were, some with a later time, none with an earlier or a future one', () => {
    const truth = trueEvents(eventsOf(plain.mail));
    const copies = eventsOf(rough.mail).length - truth.size;
    expect(copies / truth.size).toBeGreaterThan(0.09);
    let retimed = 0;
    for (const { id, t } of eventsOf(rough.mail)) {
      const first = truth.get(id)?.t ?? Infinity;
      expect(t >= first && t <= plan.now).toBe(true);
      if (t > first) retimed += 1;
    }
    expect(retimed / truth.size).toBeGreaterThan(0.03);
  });

  test('no batch holds two copies of an event, since only the first would count', () => {
    for (const { events } of parcelsOf(rough.mail))
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  test('some events are late, and many come before others that happened earlier', () => {
    expect(rough.mail.late.length).toBeGreaterThan(0);
    const times = eventsOf(rough.mail).map(({ t }) => t);
    const backwards = times.filter((t, index) => index > 0 && t < (times[index - 1] ?? 0)).length;
    expect(backwards / times.length).toBeGreaterThan(0.3);
  });
});

describe('without duplicates', () => {
  test('every event is sent once and nothing is late', () => {
    const events = eventsOf(plain.mail);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(plain.mail.late).toEqual([]);
  });

  test('each person sends her events in order', () => {
    const last = new Map<number, number>();
    for (const { person, events } of plain.mail.parcels)
      for (const { t } of events) {
        expect(t).toBeGreaterThanOrEqual(last.get(person) ?? 0);
        last.set(person, t);
      }
  });
});

describe('a parcel', () => {
  test('is of one person and holds 1 to 60 events of her', () => {
    const personOf = new Map(plain.generations.map(({ id, person }) => [id, person]));
    for (const { person, events } of parcelsOf(rough.mail)) {
      expect(events.length >= 1 && events.length <= 60).toBe(true);
      for (const { g } of events) expect(personOf.get(g)).toBe(person);
    }
  });
});

describe('bad events', () => {
  test('are of many reasons, all of the closed list, as often as another, and the same in both ways', () => {
    expect(BAD_REASONS.length).toBe(12);
    expect(BAD_REASONS.every((reason) => DROP_REASONS.includes(reason))).toBe(true);
    const { dropped } = expectedTally(plain.mail);
    expect([...dropped.keys()].sort()).toEqual([...BAD_REASONS].sort());
    expect([...dropped.values()].reduce((sum, n) => sum + n, 0)).toBe(50);
  });

  test('name no generation of a true event', () => {
    const known = new Set(plain.generations.map(({ id }) => id));
    for (const { bad } of parcelsOf(plain.mail))
      for (const { event, generation } of bad) {
        const named = typeof event === 'object' && event !== null && 'g' in event ? event.g : undefined;
        expect(known.has(String(named)) || known.has(generation?.id ?? '')).toBe(false);
      }
  });
});

test('answers that differ from what must come are said in words', () => {
  const expected = expectedTally(plain.mail);
  const tally = { requests: 1, retries: 0, accepted: expected.accepted, dropped: new Map(expected.dropped) };
  expect(tallyProblems(tally, plain.mail)).toEqual([]);
  tally.accepted -= 1;
  tally.dropped.set('row_too_large', 1);
  tally.dropped.delete('too_old');
  expect(tallyProblems(tally, plain.mail)).toEqual([
    `accepted ${expected.accepted - 1} events instead of ${expected.accepted}`,
    expect.stringMatching(/^dropped 0 events as too_old instead of \d+$/),
    'dropped 1 events as row_too_large instead of 0',
  ]);
});
