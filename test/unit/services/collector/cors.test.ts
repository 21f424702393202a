// What browsers are told.
import { describe, expect, it } from 'vitest';
import { corsHeaders, originAllowed, preflightHeaders } from '../../../../services/collector/cors.js';

const some = new Set(['https://app.example.com']);

describe('an origin', () => {
  const cases: readonly (readonly [string, ReadonlySet<string>, boolean])[] = [
    ['https://app.example.com', some, true],
    ['https://app.example.com:8443', some, false],
    ['http://app.example.com', some, false],
    ['https://evil.example.com', some, false],
    ['null', some, false],
    ['https://evil.example.com', new Set(['*']), true],
    ['https://app.example.com', new Set(), false],
  ];
  it.each(cases)('%s', (origin, origins, allowed) => expect(originAllowed(origin, origins)).toBe(allowed));
});

it('an answer names the origin that may read it, never all, and never takes credentials', () => {
  expect(corsHeaders('https://app.example.com', some)).toEqual({
    vary: 'Origin',
    'access-control-allow-origin': 'https://app.example.com',
    'access-control-expose-headers': 'Retry-After',
  });
  expect(corsHeaders('https://evil.example.com', some)).toEqual({ vary: 'Origin' });
  expect(corsHeaders(undefined, new Set(['*']))).toEqual({ vary: 'Origin' });
});

it('a preflight allows the headers that matter, for origins that some project allows', () => {
  expect(preflightHeaders('https://app.example.com', some)).toMatchObject({
    'access-control-allow-origin': 'https://app.example.com',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'authorization, content-type, content-encoding',
  });
  expect(preflightHeaders('https://evil.example.com', some)).toBeUndefined();
});
