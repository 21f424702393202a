// The keyed hash of a person: stable, by kind, and computed here a second time by hand.
import { createHmac, createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NOBODY, PERSONS_KNOWN_MAX, Persons, personOf } from '../../../../services/collector/person.js';

const KEY = createSecretKey(Buffer.from('the-hash-key-of-a-project'));

describe('a person', () => {
  it('is the first eight bytes of HMAC-SHA256 over kind and id, as a decimal UInt64', () => {
    const hex = createHmac('sha256', 'the-hash-key-of-a-project').update('user:u1').digest('hex').slice(0, 16);
    expect(personOf('user', 'u1', KEY)).toEqual({ kind: 'user', key: BigInt(`0x${hex}`).toString() });
  });

  it('is another one with another kind or key', () => {
    const keys = [
      personOf('user', 'x', KEY),
      personOf('client', 'x', KEY),
      personOf('session', 'x', KEY),
      personOf('user', 'x', createSecretKey(Buffer.from('another-hash-key-here'))),
    ].map(({ key }) => key);
    expect(new Set(keys).size).toBe(4);
  });

  const cases: readonly (readonly [string, object, string])[] = [
    ['the user first', { userId: 'u', clientId: 'c', sessionId: 's' }, 'user'],
    ['else the client', { clientId: 'c', sessionId: 's' }, 'client'],
    ['else the session', { sessionId: 's' }, 'session'],
    ['an empty user is none', { userId: '', sessionId: 's' }, 'session'],
    ['nobody', {}, 'none'],
  ];
  it.each(cases)('of a batch: %s', (_, batch, kind) => expect(new Persons(KEY).ofBatch(batch).kind).toBe(kind));

  it('stays the same whether it was remembered or forgotten', () => {
    const persons = new Persons(KEY);
    const first = persons.of('user', 'u0');
    for (let i = 0; i <= PERSONS_KNOWN_MAX; i++) persons.of('user', `u${i}`);
    expect(persons.of('user', 'u0')).toEqual(first);
    expect(persons.of('client', 'u0')).not.toEqual(first);
  });

  it('that is nobody has the key 0', () => expect(NOBODY.key).toBe('0'));
});
