// Who may read: tokens, cookies, host names.
import { describe, expect, test } from 'vitest';
import {
  TOKEN_CHARS_MAX,
  answersTo,
  hostName,
  isLoopback,
  tokenCookie,
  tokenOf,
  visibleProjects,
} from '../../../../services/reporter/access.js';
import { sha256 } from '../../../support/reporter.js';

const projects = [
  { id: 'a', readTokens: [{ sha256: sha256('token-a'), revoked: false }] },
  {
    id: 'b',
    readTokens: [
      { sha256: sha256('token-a'), revoked: false },
      { sha256: sha256('token-b'), revoked: false },
      { sha256: sha256('old-b'), revoked: true },
    ],
  },
  { id: 'c', readTokens: [] },
];

describe('a token opens the projects that list its hash', () => {
  test.each([
    ['token-a', ['a', 'b']],
    ['token-b', ['b']],
    ['old-b', []],
    ['token-', []],
    ['', []],
    [undefined, []],
    [sha256('token-a'), []],
  ])('%s', (token, expected) => {
    expect(visibleProjects(projects, token).map(({ id }) => id)).toEqual(expected);
  });

  test('and one that is too long opens nothing', () => {
    const long = 'x'.repeat(TOKEN_CHARS_MAX + 1);
    const fits = 'x'.repeat(TOKEN_CHARS_MAX);
    const of = (token: string) => [{ readTokens: [{ sha256: sha256(token), revoked: false }] }];
    expect(visibleProjects(of(fits), fits).length).toBe(1);
    expect(visibleProjects(of(long), long).length).toBe(0);
  });
});

describe('the token of a request', () => {
  const check = (headers: Record<string, string>, expected: string | undefined) =>
    expect(tokenOf({ headers })).toBe(expected);
  test('is the bearer', () => {
    check({ authorization: 'Bearer abc' }, 'abc');
    check({ authorization: 'bearer  abc ' }, 'abc');
  });
  test('is the cookie when there is no header', () => {
    check({ cookie: 'x=1; tacit_read=abc%20d; y=2' }, 'abc d');
    check({ cookie: 'not_tacit_read=abc' }, undefined);
    check({ cookie: 'tacit_read=%E0%A4%A' }, undefined);
    check({}, undefined);
  });
  test('is never the cookie beside a header, even one that holds no token', () => {
    check({ authorization: 'Bearer abc', cookie: 'tacit_read=def' }, 'abc');
    check({ authorization: 'Basic abc', cookie: 'tacit_read=def' }, undefined);
  });
});

test('the cookie is for this site alone and unseen by scripts', () => {
  expect(tokenCookie('a b', false)).toBe('tacit_read=a%20b; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000');
  expect(tokenCookie('a', true)).toMatch(/; Secure$/);
});

test('names of this machine are told from others', () => {
  for (const host of [
    '127.0.0.1',
    '127.1.2.3',
    'localhost',
    'LOCALHOST',
    'x.localhost',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
  ])
    expect(isLoopback(host), host).toBe(true);
  for (const host of [
    '',
    '10.0.0.1',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '::2',
    '0.0.0.0',
    '2130706433',
  ])
    expect(isLoopback(host), host).toBe(false);
});

test('a Host header is read without its port', () => {
  expect(hostName('127.0.0.1:7071')).toBe('127.0.0.1');
  expect(hostName('[::1]:7071')).toBe('[::1]');
  expect(hostName('localhost')).toBe('localhost');
  for (const odd of [undefined, '', 'a:b', 'a:1:2', ':80']) expect(hostName(odd), odd).toBeUndefined();
});

test('on the loopback only names of the loopback are answered; elsewhere any', () => {
  expect(answersTo('127.0.0.1', '127.0.0.1:7071')).toBe(true);
  expect(answersTo('127.0.0.1', 'localhost:7071')).toBe(true);
  expect(answersTo('127.0.0.1', 'rebound.example:7071')).toBe(false);
  expect(answersTo('127.0.0.1', undefined)).toBe(false);
  expect(answersTo('0.0.0.0', 'tacit.example')).toBe(true);
});
