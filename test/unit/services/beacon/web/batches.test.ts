// Bodies: nothing is mixed, nothing is lost, nothing is larger than allowed.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BODY_BYTES_MAX, bodyOf, nextBatch, urlOf } from '../../../../../services/beacon/web/batches.js';
import type { Envelope, GenerationEntry, QueuedEvent } from '../../../../../services/beacon/web/wire.js';

const ENVELOPE: Envelope = {
  endpoint: 'https://c.example/base',
  key: 'pk_a&b',
  consent: 'granted',
  surface: 'web',
  sessionId: 's',
};

let n = 0;
function row(envelope: Partial<Envelope> = {}, entry: GenerationEntry = {}, g = 'g1', label = ''): QueuedEvent {
  const id = `00000000-0000-7000-8000-${String(n++).padStart(12, '0')}`;
  return { id, envelope: { ...ENVELOPE, ...envelope }, entry, event: { id, t: 1, g, type: 'rate', value: 1, label } };
}

const bytes = (text: string): number => Buffer.byteLength(text);

test('a batch has one envelope, and one description of each generation', () => {
  const kinds = fc.record({
    userId: fc.constantFrom('ann', 'bob', undefined),
    key: fc.constantFrom('pk_1', 'pk_2'),
    g: fc.constantFrom('g1', 'g2'),
    token: fc.constantFrom('t1.a', 't1.b', undefined),
  });
  fc.assert(
    fc.property(fc.array(kinds, { maxLength: 40 }), (specs) => {
      let rest = specs.map(({ userId, key, g, token }) => row({ userId, key }, token ? { token } : {}, g));
      const all = rest.length;
      let sent = 0;
      while (rest.length) {
        const batch = nextBatch(rest);
        expect(batch.length).toBeGreaterThan(0);
        expect(new Set(batch.map(({ envelope }) => JSON.stringify(envelope))).size).toBe(1);
        for (const g of ['g1', 'g2'])
          expect(
            new Set(batch.filter(({ event }) => event.g === g).map(({ entry }) => entry.token)).size,
          ).toBeLessThanOrEqual(1);
        sent += batch.length;
        rest = rest.filter((one) => !batch.includes(one));
      }
      expect(sent).toBe(all);
    }),
  );
});

test('a body stays within its bytes, and one more event would not fit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2000 }), { minLength: 60, maxLength: 80 }),
      fc.string({ unit: 'grapheme', maxLength: 100 }),
      (labels, user) => {
        const rows = labels.map((label, i) => row({ userId: user }, { promptId: label }, `g${i}`, label));
        const batch = nextBatch(rows);
        expect(bytes(bodyOf(batch, Date.now()))).toBeLessThanOrEqual(BODY_BYTES_MAX);
        const next = rows[batch.length];
        if (next) expect(bytes(bodyOf([...batch, next], Date.now()))).toBeGreaterThan(BODY_BYTES_MAX - 400);
      },
    ),
    { numRuns: 30 },
  );
});

test('a single event larger than a body goes alone, and a count is kept', () => {
  const large = row({}, {}, 'g1', 'x'.repeat(60_000));
  expect(nextBatch([large, row()])).toEqual([large]);
  expect(nextBatch([row(), row(), row()], 2).length).toBe(2);
  expect(nextBatch([])).toEqual([]);
});

test('a body carries the person, never the address, the key or the consent', () => {
  const rows = [row({ userId: 'u', clientId: 'c' }, { token: 't1.x' })];
  const body = JSON.parse(bodyOf(rows, 7)) as Record<string, unknown>;
  expect(body).toMatchObject({
    sentAt: 7,
    userId: 'u',
    clientId: 'c',
    sessionId: 's',
    surface: 'web',
    generations: { g1: { token: 't1.x' } },
  });
  expect(Object.keys(body).filter((name) => /endpoint|key|consent/.test(name))).toEqual([]);
  expect(urlOf(rows)).toBe('https://c.example/base/v1/events?key=pk_a%26b');
});
