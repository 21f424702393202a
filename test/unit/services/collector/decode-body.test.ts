// From bytes to JSON: types, encodings, bombs, depth, UTF-8.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  depthExceeds,
  encodingOf,
  inflate,
  isSupportedType,
  parseJson,
} from '../../../../services/collector/decode-body.js';
import { Problem } from '../../../../services/collector/problem.js';
import { DEPTH_MAX, INFLATED_BYTES_MAX } from '../../../../shared/contract/limits.js';

const code = (result: unknown): unknown => (result instanceof Problem ? result.code : result);

describe('the content type', () => {
  const cases: readonly (readonly [string | undefined, boolean])[] = [
    ['application/json', true],
    ['text/plain', true],
    ['text/plain;charset=UTF-8', true],
    ['Application/JSON; charset="utf-8"', true],
    ['application/json; charset=utf-16le', false],
    ['application/json; charset=latin1', false],
    ['application/x-www-form-urlencoded', false],
    ['application/jsonp', false],
    ['text/html', false],
    ['', false],
    [undefined, false],
  ];
  it.each(cases)('%j: %s', (type, expected) => expect(isSupportedType(type)).toBe(expected));
});

describe('the encoding', () => {
  const cases: readonly (readonly [string | undefined, string | undefined, string])[] = [
    [undefined, undefined, 'identity'],
    ['gzip', undefined, 'gzip'],
    ['GZIP', undefined, 'gzip'],
    ['x-gzip', undefined, 'gzip'],
    ['identity', undefined, 'identity'],
    [undefined, 'gzip', 'gzip'],
    ['identity', 'gzip', 'identity'],
    ['gzip', 'zstd', 'gzip'],
    ['br', undefined, 'unsupported_encoding'],
    ['br', 'gzip', 'unsupported_encoding'],
    ['zstd', undefined, 'unsupported_encoding'],
    ['gzip, gzip', undefined, 'unsupported_encoding'],
    [undefined, 'zstd', 'unsupported_encoding'],
    [undefined, 'identity', 'unsupported_encoding'],
    [undefined, '', 'unsupported_encoding'],
  ];
  it.each(cases)('header %j, address %j', (header, query, expected) =>
    expect(code(encodingOf(header, query))).toBe(expected),
  );
});

describe('inflating', () => {
  const inflated = (bytes: Buffer) => inflate(bytes, 'gzip');

  it('gives back what was deflated, and leaves the rest alone', () => {
    expect(inflated(gzipSync('{}'))).toEqual(Buffer.from('{}'));
    expect(inflate(Buffer.from('{}'), 'identity')).toEqual(Buffer.from('{}'));
  });

  it('takes 4 MiB and not one byte more', () => {
    expect(inflated(gzipSync(Buffer.alloc(INFLATED_BYTES_MAX)))).toHaveLength(INFLATED_BYTES_MAX);
    expect(code(inflated(gzipSync(Buffer.alloc(INFLATED_BYTES_MAX + 1))))).toBe('inflated_too_large');
  });

  it('stops a bomb of 200 MB quickly', () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    const before = performance.now();
    expect(code(inflated(bomb))).toBe('inflated_too_large');
    expect(performance.now() - before).toBeLessThan(500);
  });

  const damaged: readonly (readonly [string, Buffer])[] = [
    ['cut off', gzipSync('{"events":[]}').subarray(0, -5)],
    ['followed by something else', Buffer.concat([gzipSync('{}'), Buffer.from('garbage')])],
    ['no gzip', Buffer.from('{"events":[]}')],
    ['with a wrong checksum', flipped(gzipSync('{"events":[]}'))],
  ];
  it.each(damaged)('refuses data that is %s', (_, bytes) => expect(code(inflated(bytes))).toBe('malformed_json'));

  it('concatenates two members, which are then no JSON', () => {
    const two = inflated(Buffer.concat([gzipSync('{"a":1}'), gzipSync('{"b":2}')]));
    expect(two).toEqual(Buffer.from('{"a":1}{"b":2}'));
    expect(code(parseJson(two as Buffer))).toBe('malformed_json');
  });
});

/** The checksum stands in the last eight bytes. */
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8((copy.at(-7) ?? 0) ^ 1, copy.length - 7);
  return copy;
}

describe('depth', () => {
  const nested = (levels: number) => Buffer.from('{"a":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1));
  const cases: readonly (readonly [string, Buffer, boolean])[] = [
    ['16 levels', nested(DEPTH_MAX), false],
    ['17 levels', nested(DEPTH_MAX + 1), true],
    ['5000 levels', nested(5000), true],
    ['400,000 arrays', Buffer.from('['.repeat(400_000)), true],
    ['many containers beside each other', Buffer.from(`[${'{},'.repeat(1000)}[]]`), false],
    ['brackets in strings', Buffer.from(JSON.stringify({ a: '[{'.repeat(50), ['['.repeat(60)]: 1 })), false],
    ['an escaped quote in a string', Buffer.from(String.raw`{"a":"\"${'['.repeat(30)}\\"}`), false],
    ['a string that ends in a backslash', Buffer.from(String.raw`{"a":"\\","b":${'['.repeat(30)}`), true],
  ];
  it.each(cases)('%s', (_, bytes, expected) => expect(depthExceeds(bytes, DEPTH_MAX)).toBe(expected));
});

describe('parsing', () => {
  const cases: readonly (readonly [string, Buffer, unknown])[] = [
    ['ASCII', Buffer.from('{"a":1}'), { value: { a: 1 } }],
    ['UTF-8', Buffer.from('{"a":"é😀"}'), { value: { a: 'é😀' } }],
    ['a duplicate key: the last counts', Buffer.from('{"a":1,"a":2}'), { value: { a: 2 } }],
    ['nothing', Buffer.alloc(0), 'empty_batch'],
    ['blanks', Buffer.from(' \n'), 'malformed_json'],
    ['half a document', Buffer.from('{"a":'), 'malformed_json'],
    ['NaN', Buffer.from('{"a":NaN}'), 'malformed_json'],
    ['a byte order mark', Buffer.from('\ufeff{"a":1}'), 'malformed_json'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'malformed_json'],
    ['a lone byte of UTF-8', Buffer.from([0x22, 0xc3, 0x22]), 'malformed_json'],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0xbd, 0x22]), 'malformed_json'],
    ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'malformed_json'],
    ['too many levels', Buffer.from('['.repeat(17) + ']'.repeat(17)), 'too_deep'],
  ];
  it.each(cases)('%s', (_, bytes, expected) => expect(code(parseJson(bytes))).toEqual(expected));

  it('says nothing of the body', () => {
    const result = parseJson(Buffer.from('{"secret-of-somebody'));
    expect(JSON.stringify(result)).not.toContain('secret');
  });
});
