// Ids and the times inside them.
import { describe, expect, it } from 'vitest';
import {
  ID_TIME_MS_END,
  ID_TIME_MS_MIN,
  idTimeMs,
  isCleanId,
  isUuid,
  uuidV7,
} from '../../../../shared/contract/ids.js';

const uuidAt = (timeMs: number): string => uuidV7(timeMs, new Uint8Array(10));
/** A ULID by an encoder of the test's own. */
function ulidAt(timeMs: number): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  let time = '';
  for (let i = 0, rest = timeMs; i < 10; i++, rest = Math.floor(rest / 32)) time = (alphabet[rest % 32] ?? '') + time;
  return time + 'ZZZZZZZZZZZZZZZZ';
}

describe('the time inside an id', () => {
  const cases: readonly (readonly [string, string, number | undefined])[] = [
    ['the UUIDv7 of RFC 9562', '017F22E2-79B0-7CC3-98C4-DC0C0C07398F', 1645557742000],
    ['a UUIDv7 in lower case', '017f22e2-79b0-7cc3-98c4-dc0c0c07398f', 1645557742000],
    ['the ULID of its specification, which is of 2016', '01ARZ3NDEKTSV4RRFFQ69G5FAV', undefined],
    ['a ULID', ulidAt(1_767_225_600_000), 1_767_225_600_000],
    ['a ULID in lower case', ulidAt(1_767_225_600_000).toLowerCase(), 1_767_225_600_000],
    ['the first UUIDv7 that is believed', uuidAt(ID_TIME_MS_MIN), ID_TIME_MS_MIN],
    ['the one before', uuidAt(ID_TIME_MS_MIN - 1), undefined],
    ['the last UUIDv7 that is believed', uuidAt(ID_TIME_MS_END - 1), ID_TIME_MS_END - 1],
    ['the one after', uuidAt(ID_TIME_MS_END), undefined],
    ['the first ULID that is believed', ulidAt(ID_TIME_MS_MIN), ID_TIME_MS_MIN],
    ['the ULID before', ulidAt(ID_TIME_MS_MIN - 1), undefined],
    ['the ULID after the last', ulidAt(ID_TIME_MS_END), undefined],
    ['a UUIDv4', '3f2504e0-4f89-41d3-9a0c-0305e82c3301', undefined],
    ['a UUIDv7 of another variant', '017f22e2-79b0-7cc3-c8c4-dc0c0c07398f', undefined],
    ['a UUIDv7 with a prefix', `m:${uuidAt(1_767_225_600_000)}`, undefined],
    ['a UUIDv7 with a suffix', `${uuidAt(1_767_225_600_000)}x`, undefined],
    ['a ULID with the letter U', 'U1ARZ3NDEKTSV4RRFFQ69G5FAV', undefined],
    ['a ULID beyond 48 bits', '81ARZ3NDEKTSV4RRFFQ69G5FAV', undefined],
    ['any other text', 'g1', undefined],
    ['nothing', '', undefined],
  ];
  it.each(cases)('of %s', (_, id, expected) => expect(idTimeMs(id)).toBe(expected));
});

describe('a UUID', () => {
  const cases: readonly (readonly [unknown, boolean])[] = [
    ['00000000-0000-0000-0000-000000000001', true],
    ['3F2504E0-4F89-41D3-9A0C-0305E82C3301', true],
    ['3f2504e04f8941d39a0c0305e82c3301', false],
    ['{3f2504e0-4f89-41d3-9a0c-0305e82c3301}', false],
    ['3f2504e0-4f89-41d3-9a0c-0305e82c330g', false],
    ['3f2504e0-4f89-41d3-9a0c-0305e82c3301\n', false],
    ['', false],
    [null, false],
    [7, false],
  ];
  it.each(cases)('%j: %s', (value, expected) => expect(isUuid(value)).toBe(expected));
});

describe('making a UUIDv7', () => {
  it('has version, variant, its time, and all the random bits it can hold', () => {
    const id = uuidV7(1_767_225_600_123, new Uint8Array(10).fill(0xff));
    expect(id).toBe('019b76da-a87b-7fff-bfff-ffffffffffff');
    expect(idTimeMs(id)).toBe(1_767_225_600_123);
  });

  it('refuses too few random bytes', () => {
    expect(() => uuidV7(0, new Uint8Array(9))).toThrow(RangeError);
  });
});

describe('an id that needs no mending', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['g1', true],
    ['antwort 😀 7', true],
    ['__proto__', true],
    ['a\ud83d', false],
    ['a\udc00', false],
    ['a\0b', false],
    ['   ', false],
    ['\t\u00a0\n', false],
    ['', false],
  ];
  it.each(cases)('%j: %s', (id, expected) => expect(isCleanId(id)).toBe(expected));
});
