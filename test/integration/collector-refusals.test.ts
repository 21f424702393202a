// Every way in which a request is refused as a whole, over real connections: status, code, headers, and that nothing was stored.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX } from '../../shared/contract/limits.js';
import { PROBLEMS, type ProblemCode, type ProblemDetails } from '../../shared/contract/problems.js';
import {
  ORIGIN,
  SERVER_KEY,
  WRITE_KEY,
  batchOf,
  copyEvent,
  startTestCollector,
  testProjects,
  type TestCollector,
} from '../support/collector.js';

const STRICT_KEY = 'pk_strict_0123456789';
const SLOW_KEY = 'pk_slow_0123456789';
const POOR_KEY = 'pk_poor_0123456789';
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const good = () => batchOf([copyEvent()]);
const padded = (bytes: number): string => {
  const text = JSON.stringify(good());
  return text + ' '.repeat(bytes - Buffer.byteLength(text));
};

let collector: TestCollector;
beforeAll(async () => {
  const rich = { origins: [ORIGIN], eventsPerSecond: 1e6, burst: 1e7 };
  collector = await startTestCollector({
    projects: testProjects({
      writeKeys: [
        { key: WRITE_KEY, ...rich, allowNoOrigin: true },
        { key: STRICT_KEY, ...rich },
        { key: SLOW_KEY, ...rich, allowNoOrigin: true, eventsPerSecond: 0.5, burst: 10 },
        { key: POOR_KEY, ...rich, allowNoOrigin: true, eventsPerSecond: 0.1, burst: 1 },
        { key: 'pk_gone_0123456789', ...rich, revoked: true },
      ],
    }),
  });
});
afterAll(async () => await collector.close());

interface Request {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly query?: string;
}

async function post({ body, headers, query }: Request): Promise<Response> {
  return await collector.post(body, headers, query);
}

type Case = readonly [name: string, request: Request, code: ProblemCode | 202];
const cases: readonly Case[] = [
  ['a good batch', { body: good() }, 202],
  [
    'a good batch by text/plain from a page',
    { body: good(), headers: { 'content-type': 'text/plain', origin: ORIGIN } },
    202,
  ],
  ['a good batch, gzip by header', { body: gzipSync(padded(500)), headers: { 'content-encoding': 'gzip' } }, 202],
  ['a good batch, gzip by address', { body: gzipSync(padded(500)), query: '?enc=gzip' }, 202],
  ['a key in the address', { body: good(), headers: { authorization: '' }, query: `?key=${WRITE_KEY}` }, 202],
  ['a body of 1 MiB', { body: padded(BODY_BYTES_MAX) }, 202],

  ['half a document', { body: '{"events":[' }, 'malformed_json'],
  ['blanks', { body: '  ' }, 'malformed_json'],
  ['a byte order mark', { body: Buffer.from('\ufeff{"events":[]}') }, 'malformed_json'],
  ['bytes that are not UTF-8', { body: Buffer.from([0x22, 0xff, 0x22]) }, 'malformed_json'],
  ['gzip that is none', { body: '{}', headers: { 'content-encoding': 'gzip' } }, 'malformed_json'],
  ['gzip cut off', { body: gzipSync(padded(500)).subarray(0, -9), query: '?enc=gzip' }, 'malformed_json'],
  ['two gzip members', { body: Buffer.concat([gzipSync('{}'), gzipSync('{}')]), query: '?enc=gzip' }, 'malformed_json'],
  ['an array', { body: [] }, 'invalid_batch'],
  ['null', { body: 'null' }, 'invalid_batch'],
  ['no events', { body: {} }, 'invalid_batch'],
  ['a user as a number', { body: batchOf([copyEvent()], { userId: 7 }) }, 'invalid_batch'],
  ['an empty batch', { body: { events: [] } }, 'empty_batch'],
  ['no body', {}, 'empty_batch'],
  ['no body and no type', { headers: { 'content-type': '' } }, 'empty_batch'],
  ['gzip of nothing', { body: gzipSync(''), query: '?enc=gzip' }, 'empty_batch'],
  ['17 levels', { body: '['.repeat(17) }, 'too_deep'],
  ['5000 levels', { body: '{"a":'.repeat(5000) }, 'too_deep'],

  ['no key', { body: good(), headers: { authorization: '' } }, 'unknown_key'],
  ['an unknown key', { body: good(), headers: bearer('pk_nobody_1234') }, 'unknown_key'],
  ['a revoked key', { body: good(), headers: bearer('pk_gone_0123456789') }, 'unknown_key'],
  [
    'an unknown key in the header, a good one in the address',
    { body: good(), headers: bearer('x'), query: `?key=${WRITE_KEY}` },
    'unknown_key',
  ],
  [
    'a server key in the address',
    { body: good(), headers: { authorization: '' }, query: `?key=${SERVER_KEY}` },
    'unknown_key',
  ],
  ['a server key from a page', { body: good(), headers: { ...bearer(SERVER_KEY), origin: ORIGIN } }, 'unknown_key'],
  ['another origin', { body: good(), headers: { origin: 'https://evil.example.com' } }, 'origin_not_allowed'],
  ['the origin null', { body: good(), headers: { origin: 'null' } }, 'origin_not_allowed'],
  ['no origin where one is needed', { body: good(), headers: bearer(STRICT_KEY) }, 'origin_not_allowed'],

  ['a body of 1 MiB and a byte', { body: padded(BODY_BYTES_MAX + 1) }, 'body_too_large'],
  ['a body of 2 MiB', { body: padded(2 * BODY_BYTES_MAX) }, 'body_too_large'],
  ['a bomb of 200 MB', { body: gzipSync(Buffer.alloc(200_000_000)), query: '?enc=gzip' }, 'inflated_too_large'],
  ['1001 events', { body: batchOf(Array<number>(1001).fill(0)) }, 'too_many_events'],
  [
    'rows of more than 4 MiB',
    { body: { ...batchOf(Array.from({ length: 200 }, () => copyEvent())), attributes: escaping(32) } },
    'rows_too_large',
  ],
  [
    'a form',
    { body: 'events=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    'unsupported_type',
  ],
  [
    'another charset',
    { body: good(), headers: { 'content-type': 'application/json; charset=utf-16le' } },
    'unsupported_type',
  ],
  ['brotli', { body: good(), headers: { 'content-encoding': 'br' } }, 'unsupported_encoding'],
  ['gzip twice', { body: good(), headers: { 'content-encoding': 'gzip, gzip' } }, 'unsupported_encoding'],
  ['zstd by address', { body: good(), query: '?enc=zstd' }, 'unsupported_encoding'],
];

/** Attributes of which each unit becomes six bytes in a row. */
function escaping(n: number): object {
  return Object.fromEntries(Array.from({ length: n }, (_, i) => [`a${i}`, '\u0001'.repeat(200)]));
}

describe('a request', () => {
  it.each(cases)('with %s: %s', async (_, request, expected) => {
    const before = collector.memory.appends.length;
    const response = await post(request);
    const body = (await response.json()) as ProblemDetails;
    if (expected === 202) {
      expect([response.status, body]).toEqual([202, { accepted: 1, dropped: [] }]);
      return;
    }
    expect([response.status, body.status, body.code]).toEqual([
      PROBLEMS[expected].status,
      PROBLEMS[expected].status,
      expected,
    ]);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(collector.memory.appends).toHaveLength(before);
    expect(collector.budget.heldBytes).toBe(0);
  });

  it('beyond the rate of its key is refused, and told when to come again', async () => {
    const events = (n: number) => ({
      body: batchOf(Array.from({ length: n }, () => copyEvent())),
      headers: bearer(SLOW_KEY),
    });
    expect((await post(events(9))).status).toBe(202);
    const refused = await post(events(3));
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('4');
    expect((await post(events(1))).status).toBe(202);
  });

  it('beyond a debt is refused before its body is read', async () => {
    const body = batchOf(Array.from({ length: 50 }, () => copyEvent()));
    expect((await post({ body, headers: bearer(POOR_KEY) })).status).toBe(202);
    const refused = await post({ body: 'not even JSON', headers: bearer(POOR_KEY) });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(400);
  });
});

describe('a stream that takes nothing', () => {
  it('that refuses, is answered before the body is read', async () => {
    collector.memory.refused = { code: 'disk_full', message: 'the disk is full' };
    const response = await post({ body: 'not even JSON' });
    collector.memory.refused = undefined;
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(((await response.json()) as ProblemDetails).code).toBe('unavailable');
  });

  it('that fails, is answered 503, never 202, and no drop is counted', async () => {
    collector.memory.failing = true;
    const response = await post({ body: batchOf([copyEvent(), null]) });
    collector.memory.failing = false;
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    const metrics = await (await fetch(`${collector.url}/metrics`)).text();
    expect(metrics).toContain('tacit_collector_drops_total{reason="not_an_object"} 0');
    expect(collector.budget.heldBytes).toBe(0);
  });
});

describe('other addresses and methods', () => {
  const others: readonly (readonly [string, string, number, string])[] = [
    ['GET', '/v1/events', 405, 'method_not_allowed'],
    ['PUT', '/v1/events', 405, 'method_not_allowed'],
    ['DELETE', '/v1/events', 405, 'method_not_allowed'],
    ['POST', '/v1/users/u1', 405, 'method_not_allowed'],
    ['POST', '/metrics', 405, 'method_not_allowed'],
    ['POST', '/v1/events/', 404, 'not_found'],
    ['POST', '/V1/events', 404, 'not_found'],
    ['GET', '/', 404, 'not_found'],
    ['GET', '/tacit/../services/collector/main.ts', 404, 'not_found'],
    ['GET', '/tacit/%2e%2e%2fmain.js', 404, 'not_found'],
    ['DELETE', '/v1/users/%E0%A4%A', 404, 'not_found'],
  ];
  it.each(others)('%s %s: %d', async (method, path, status, code) => {
    const response = await fetch(`${collector.url}${path}`, { method, ...(method === 'GET' ? {} : { body: '{}' }) });
    expect([response.status, ((await response.json()) as ProblemDetails).code]).toEqual([status, code]);
    if (status === 405) expect(response.headers.get('allow')).not.toBeNull();
  });
});
