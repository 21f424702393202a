// Who a key belongs to, and where it may stand.
import { describe, expect, it } from 'vitest';
import { KeyRing, type KeyRequest } from '../../../../services/collector/keys.js';
import { RateLimits } from '../../../../services/collector/rate-limit.js';
import { ORIGIN, READ_TOKEN, SERVER_KEY, WRITE_KEY, sha256, testProjects } from '../../../support/collector.js';

const ring = new KeyRing(
  testProjects({
    writeKeys: [
      { key: WRITE_KEY, origins: [ORIGIN] },
      { key: 'pk_revoked_1234', origins: ['https://gone.example.com'], revoked: true },
    ],
    serverKeys: [{ sha256: sha256(SERVER_KEY) }, { sha256: sha256('sk_revoked'), revoked: true }],
    readTokens: [{ sha256: sha256(READ_TOKEN) }, { sha256: sha256('rt_revoked'), revoked: true }],
  }),
  new RateLimits(() => 0),
);
const bearer = (key: string) => `Bearer ${key}`;

describe('finding the caller', () => {
  const cases: readonly (readonly [string, Partial<KeyRequest>, 'write' | 'server' | undefined])[] = [
    ['a write key in the header', { authorization: bearer(WRITE_KEY) }, 'write'],
    ['a write key in the header of a page', { authorization: bearer(WRITE_KEY), origin: ORIGIN }, 'write'],
    ['a write key in the address', { queryKey: WRITE_KEY }, 'write'],
    ['the scheme in lower case', { authorization: `bearer  ${WRITE_KEY} ` }, 'write'],
    [
      'an unknown key in the header and a good one in the address',
      { authorization: bearer('pk_x'), queryKey: WRITE_KEY },
      undefined,
    ],
    ['another scheme and a key in the address', { authorization: 'Basic abc', queryKey: WRITE_KEY }, 'write'],
    ['a server key in the header', { authorization: bearer(SERVER_KEY) }, 'server'],
    ['a server key from a page', { authorization: bearer(SERVER_KEY), origin: ORIGIN }, undefined],
    ['a server key in the address', { queryKey: SERVER_KEY }, undefined],
    ['the hash of a server key', { authorization: bearer(sha256(SERVER_KEY)) }, undefined],
    ['a revoked write key', { authorization: bearer('pk_revoked_1234') }, undefined],
    ['a revoked server key', { authorization: bearer('sk_revoked') }, undefined],
    ['a read token', { authorization: bearer(READ_TOKEN) }, undefined],
    ['no key', {}, undefined],
    ['an empty key', { authorization: 'Bearer ', queryKey: '' }, undefined],
  ];
  it.each(cases)('%s', (_, request, kind) => {
    const none = { authorization: undefined, origin: undefined, queryKey: undefined };
    expect(ring.find({ ...none, ...request })?.kind).toBe(kind);
  });
});

it('the origins of all live keys are known, those of revoked ones are not', () => {
  expect([...ring.origins]).toEqual([ORIGIN]);
});

it('read tokens open what is to be read, until they are revoked', () => {
  expect(ring.mayRead(bearer(READ_TOKEN))).toBe(true);
  for (const token of ['rt_revoked', WRITE_KEY, SERVER_KEY]) expect(ring.mayRead(bearer(token))).toBe(false);
  expect(ring.mayRead(undefined)).toBe(false);
});
