// How answers and errors are taken: what is tried again, what is not, and that nothing of the other side's words is repeated.
import { describe, expect, test } from 'vitest';
import { RETRY_AFTER_MS_MAX, endingOfError, endingOfStatus } from '../../../../../services/reporter/deliver/attempt.js';

const NOW = Date.parse('2026-11-24T00:00:00Z');

describe('a status', () => {
  test.each([
    [200, 'sent'],
    [204, 'sent'],
    [299, 'sent'],
    [300, 'failed'],
    [301, 'failed'],
    [308, 'failed'],
    [400, 'failed'],
    [401, 'failed'],
    [404, 'failed'],
    [408, 'retry'],
    [410, 'failed'],
    [413, 'failed'],
    [425, 'retry'],
    [429, 'retry'],
    [499, 'failed'],
    [500, 'retry'],
    [503, 'retry'],
    [599, 'retry'],
  ] as const)('%i is %s, and the detail names it', (status, result) => {
    const ending = endingOfStatus(status, undefined, NOW);
    expect(ending.result).toBe(result);
    expect(ending.detail).toContain(String(status));
  });

  function check(header: string | undefined, expected: number | undefined): void {
    const ending = endingOfStatus(429, header, NOW);
    expect('afterMs' in ending ? ending.afterMs : undefined).toBe(expected);
  }
  test('a pause is taken in seconds or as a date, up to six hours', () => {
    check(undefined, undefined);
    check('0', 0);
    check('120', 120_000);
    check('Tue, 24 Nov 2026 00:01:00 GMT', 60_000);
    check('Mon, 23 Nov 2026 00:01:00 GMT', 0);
    check('soon', undefined);
    check('21600', RETRY_AFTER_MS_MAX);
    check('21601', RETRY_AFTER_MS_MAX);
  });
});

describe('an error on the way', () => {
  const withCode = (code: string) => Object.assign(new Error('https://hooks.example.com/T0KEN'), { code });
  test.each([
    ['ECONNREFUSED', 'the connection was refused'],
    ['ECONNRESET', 'the connection was cut'],
    ['ENOTFOUND', 'the host name is not known'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'the certificate of the other side is not trusted'],
    ['CERT_HAS_EXPIRED', 'the certificate of the other side is not trusted'],
    ['UNHEARD_OF', 'the connection failed'],
  ])('%s is tried again: %s', (code, detail) => {
    expect(endingOfError(withCode(code))).toEqual({ result: 'retry', detail });
  });

  test('a timeout names its bound', () => {
    const ending = endingOfError(new DOMException('x', 'TimeoutError'));
    expect(ending).toEqual({ result: 'retry', detail: 'no complete answer within 10 s' });
  });
});
