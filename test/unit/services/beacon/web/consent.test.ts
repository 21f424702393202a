// Who an event belongs to and what may be kept, by consent and by the browser's signals.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createIdentity } from '../../../../../services/beacon/web/consent.js';
import type { Options } from '../../../../../services/beacon/web/options.js';

const BASE: Options = { key: 'pk', endpoint: 'https://c.example/base//' };
let kept: Map<string, string>;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function check(options: Partial<Options>, browser: object, expected: [active: boolean, keeps: boolean]): void {
  vi.stubGlobal('navigator', browser);
  const identity = createIdentity({ ...BASE, ...options });
  expect([identity.active(), identity.keeps()]).toEqual(expected);
  expect(identity.envelope().clientId !== undefined).toBe(expected[1]);
}

test('consent and the browser decide what is recorded and what is kept', () => {
  check({}, {}, [true, false]);
  check({ consent: 'pending' }, {}, [true, false]);
  check({ consent: 'granted' }, {}, [true, true]);
  check({ consent: 'denied' }, {}, [false, false]);
  check({ consent: 'granted' }, { globalPrivacyControl: true }, [false, false]);
  check({ consent: 'granted', ignoreGpc: true }, { globalPrivacyControl: true }, [true, true]);
  check({ consent: 'granted' }, { doNotTrack: '1' }, [true, true]);
  check({ consent: 'granted', honourDnt: true }, { doNotTrack: '1' }, [false, false]);
});

test('the client id outlives a visit with consent, and is erased when consent is denied', () => {
  const first = createIdentity({ ...BASE, consent: 'granted' });
  const id = first.envelope().clientId;
  expect(createIdentity({ ...BASE, consent: 'granted' }).envelope().clientId).toBe(id);
  first.decide('denied');
  expect([kept.size, first.envelope().clientId]).toEqual([0, undefined]);
  first.decide('granted');
  expect(first.envelope().clientId).not.toBe(id);
});

test('signing in and out makes new envelopes and leaves the old ones as they were', () => {
  const identity = createIdentity(BASE);
  const before = identity.envelope();
  identity.identify('ann');
  const during = identity.envelope();
  identity.identify(null);
  expect([before.userId, during.userId, identity.envelope().userId]).toEqual([undefined, 'ann', undefined]);
  expect(before.endpoint).toBe('https://c.example/base');
  expect(during.sessionId).toBe(before.sessionId);
});

test('a browser that refuses storage still has an envelope', () => {
  vi.stubGlobal('localStorage', undefined);
  expect(createIdentity({ ...BASE, consent: 'granted' }).envelope()).toMatchObject({ key: 'pk', clientId: undefined });
});
