// What else the collector's HTTP interface promises: CORS, preflights, consent, erasure, documents, assets, health, metrics.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAssets } from '../../services/collector/assets.js';
import { DROP_REASONS } from '../../shared/contract/drop-reasons.js';
import { EVENT_TYPES } from '../../shared/contract/rows.js';
import {
  ORIGIN,
  READ_TOKEN,
  SERVER_KEY,
  WRITE_KEY,
  batchOf,
  copyEvent,
  sha256,
  startTestCollector,
  testProjects,
  type TestCollector,
} from '../support/collector.js';

const SCRIPT = 'console.log("tacit");';
const OTHER = 'https://other.example.com';
const EVIL = 'https://evil.example.com';

let folder: string;
let collector: TestCollector;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tacit-assets-'));
  for (const name of [
    'v1.js',
    'v1.mjs',
    'v1.0123456789abcdef.js',
    'v1.reader-0123abcd.mjs',
    'server.js',
    'manifest.json',
  ])
    await writeFile(path.join(folder, name), SCRIPT);
  const other = testProjects({
    id: 'other',
    writeKeys: [{ key: 'pk_other_12345', origins: [OTHER] }],
    serverKeys: [],
    readTokens: [],
  });
  collector = await startTestCollector({ projects: [...testProjects(), ...other], assets: await readAssets(folder) });
});
afterAll(async () => {
  await collector.close();
  await rm(folder, { recursive: true, force: true });
});

const get = async (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  await fetch(`${collector.url}${url}`, { headers });

describe('pages of other origins', () => {
  it('may read the answer when their project allows them', async () => {
    const response = await collector.post(batchOf([copyEvent()]), { origin: ORIGIN });
    expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(response.headers.get('vary')).toBe('Origin');
    expect(response.headers.get('access-control-expose-headers')).toBe('Retry-After');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('may read refusals too', async () => {
    const refused = await collector.post('{', { origin: ORIGIN });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, ORIGIN]);
    const missing = await get('/v1/nothing', { origin: ORIGIN });
    expect([missing.status, missing.headers.get('access-control-allow-origin')]).toEqual([404, ORIGIN]);
  });

  it('of another project may read why they are refused, strangers may not', async () => {
    const other = await collector.post(batchOf([copyEvent()]), { origin: OTHER });
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([403, OTHER]);
    const evil = await collector.post(batchOf([copyEvent()]), { origin: EVIL });
    expect([evil.status, evil.headers.get('access-control-allow-origin'), evil.headers.get('vary')]).toEqual([
      403,
      null,
      'Origin',
    ]);
  });

  const preflights: readonly (readonly [string | undefined, number])[] = [
    [ORIGIN, 204],
    [OTHER, 204],
    [EVIL, 403],
    [undefined, 204],
  ];
  it.each(preflights)('ask before they send: %s gets %d', async (origin, status) => {
    const headers = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
    const response = await fetch(`${collector.url}/v1/events`, {
      method: 'OPTIONS',
      headers: origin === undefined ? headers : { ...headers, origin },
    });
    expect(response.status).toBe(status);
    const allowed = status === 204 && origin !== undefined ? origin : null;
    expect(response.headers.get('access-control-allow-origin')).toBe(allowed);
    if (allowed === null) return;
    expect(response.headers.get('access-control-allow-methods')).toBe('POST');
    expect(response.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(response.headers.get('access-control-max-age')).toBe('7200');
  });
});

describe('somebody who opted out', () => {
  it('is answered which events were dropped, and nothing but their number is kept', async () => {
    const before = collector.memory.appends.length;
    const event = copyEvent();
    const answer = await collector.send(batchOf([event], { userId: 'somebody' }), { 'sec-gpc': '1' });
    expect(answer).toEqual({ accepted: 0, dropped: [{ index: 0, id: event['id'], reason: 'opted_out' }] });
    const kept = collector.memory.appends.slice(before).flat();
    expect(kept.map(({ table, rows }) => [table, rows])).toEqual([['drops', 1]]);
    expect(kept.map(({ body }) => body.toString()).join('')).not.toMatch(/somebody|copy|g1/);
  });

  it('is anybody whose Sec-GPC is 1, and nobody else', async () => {
    for (const value of ['0', 'true', '']) {
      const answer = await collector.send(batchOf([copyEvent()]), { 'sec-gpc': value });
      expect(answer.accepted).toBe(1);
    }
  });
});

describe('erasing a user', () => {
  const erase = async (id: string, headers: Record<string, string>): Promise<Response> =>
    await fetch(`${collector.url}/v1/users/${id}`, { method: 'DELETE', headers });
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

  it('stores the key of the person, as events have it, twice when asked twice', async () => {
    await collector.send(batchOf([copyEvent()], { userId: 'user/42 é' }));
    const key = collector.memory.rows('events').at(-1)?.['user_key'];
    for (let i = 0; i < 2; i++)
      expect((await erase(encodeURIComponent('user/42 é'), bearer(SERVER_KEY))).status).toBe(202);
    const rows = collector.memory.rows('erasures');
    expect(rows.map((row) => [row['project_id'], row['user_key']])).toEqual([
      ['test', key],
      ['test', key],
    ]);
    expect(rows[0]?.['requested_at']).toBeGreaterThan(Date.now() - 10_000);
  });

  it('answers the same for somebody unknown', async () => {
    const response = await erase('nobody', bearer(SERVER_KEY));
    expect([response.status, await response.json()]).toEqual([202, { requested: true }]);
  });

  const refused: readonly (readonly [string, Record<string, string>, number, string])[] = [
    ['no key', {}, 401, 'unknown_key'],
    ['a write key', bearer(WRITE_KEY), 403, 'not_allowed'],
    ['a read token', bearer(READ_TOKEN), 401, 'unknown_key'],
    ['a server key from a page', { ...bearer(SERVER_KEY), origin: ORIGIN }, 401, 'unknown_key'],
  ];
  it.each(refused)('with %s is refused', async (_, headers, status, code) => {
    const response = await erase('u1', headers);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
  });

  it('counts against the rate of its key', async () => {
    const serverKeys = [{ sha256: sha256(SERVER_KEY), eventsPerSecond: 0.1, burst: 1 }];
    const slow = await startTestCollector({ projects: testProjects({ serverKeys }) });
    const ask = async () => await fetch(`${slow.url}/v1/users/u1`, { method: 'DELETE', headers: bearer(SERVER_KEY) });
    expect((await ask()).status).toBe(202);
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    await slow.close();
  });

  it('is refused with 503 when it cannot be made durable', async () => {
    collector.memory.failing = true;
    const response = await erase('u1', bearer(SERVER_KEY));
    collector.memory.failing = false;
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  });
});

describe('the beacon', () => {
  it.each(['v1.js', 'v1.mjs'])('/tacit/%s may be loaded by any page, and is asked for again soon', async (name) => {
    const response = await get(`/tacit/${name}`, { origin: EVIL });
    expect([response.status, await response.text()]).toEqual([200, SCRIPT]);
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
  });

  it.each(['v1.0123456789abcdef.js', 'v1.reader-0123abcd.mjs'])('/tacit/%s never changes', async (name) => {
    const response = await get(`/tacit/${name}`);
    expect([response.status, response.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
  });

  it('is not sent again to who has it', async () => {
    const etag = (await get('/tacit/v1.js')).headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    expect((await get('/tacit/v1.js', { 'if-none-match': `"x", W/${etag}` })).status).toBe(304);
    expect((await get('/tacit/v1.js', { 'if-none-match': '"x"' })).status).toBe(200);
  });

  it('is asked for by HEAD without its body', async () => {
    const headers = { 'accept-encoding': 'identity' };
    const response = await fetch(`${collector.url}/tacit/v1.js`, { method: 'HEAD', headers });
    expect([response.status, response.headers.get('content-length')]).toEqual([200, String(SCRIPT.length)]);
  });

  it.each(['server.js', 'manifest.json', 'v2.js', 'v1.js.map'])('has no %s', async (name) => {
    const response = await get(`/tacit/${name}`);
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([404, '*']);
  });

  it('is compressed for who takes that, with a tag of its own', async () => {
    const tags = new Set<string | null>();
    for (const [accepted, sent] of [
      ['identity', null],
      ['gzip, deflate', 'gzip'],
      ['gzip, deflate, br', 'br'],
      ['br;q=0, gzip', 'gzip'],
    ] as const) {
      const response = await get('/tacit/v1.js', { 'accept-encoding': accepted });
      expect([response.headers.get('content-encoding'), await response.text()]).toEqual([sent, SCRIPT]);
      expect(response.headers.get('vary')).toBe('Accept-Encoding');
      tags.add(response.headers.get('etag'));
    }
    expect(tags.size).toBe(3);
  });

  it('is none when it was not built', async () => {
    expect((await readAssets(path.join(folder, 'nowhere'))).size).toBe(0);
  });
});

describe('the documents', () => {
  interface Schema {
    readonly properties: Record<string, Schema>;
    readonly items: Schema;
    readonly oneOf: readonly Schema[];
    readonly required: readonly string[];
    readonly maxItems: number;
    readonly const: string;
  }

  it('are a JSON Schema in which every type of event stands', async () => {
    const schema = (await (await get('/v1/schema.json')).json()) as Schema;
    expect(schema.required).toEqual(['events']);
    const { events } = schema.properties;
    expect(events?.maxItems).toBe(1000);
    expect(events?.items.oneOf.map((type) => type.properties['type']?.const).sort()).toEqual([...EVENT_TYPES].sort());
  });

  it('are an OpenAPI description with every path, status and drop reason', async () => {
    const response = await get('/v1/openapi.json', { origin: EVIL });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const text = await response.text();
    const api = JSON.parse(text) as { openapi: string; paths: Record<string, Record<string, { responses: object }>> };
    expect(api.openapi).toBe('3.1.0');
    expect(Object.keys(api.paths)).toEqual(['/v1/events', '/v1/users/{id}']);
    for (const status of ['202', '400', '401', '403', '408', '413', '415', '429', '503'])
      expect(Object.keys(api.paths['/v1/events']?.['post']?.responses ?? {})).toContain(status);
    for (const reason of DROP_REASONS) expect(text).toContain(reason);
  });
});

describe('health', () => {
  it('says that the process lives, and whether it can take work', async () => {
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    collector.memory.refused = { code: 'disk_full', message: 'the disk is full' };
    const response = await get('/readyz');
    collector.memory.refused = undefined;
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: 'not_ready', code: 'disk_full', message: 'the disk is full' },
    ]);
  });

  it('says that it is stopping, and closes each connection with its answer', async () => {
    const stopping = await startTestCollector();
    stopping.stopAccepting();
    const response = await fetch(`${stopping.url}/readyz`);
    expect([response.status, response.headers.get('connection')]).toEqual([503, 'close']);
    expect((await stopping.post(batchOf([copyEvent()]))).status).toBe(202);
    await stopping.close();
  });
});

describe('metrics', () => {
  const value = (text: string, name: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1],
    );
  const read = async (): Promise<string> => await (await get('/metrics')).text();

  it('count what was answered, and nothing twice', async () => {
    const before = await read();
    const event = copyEvent();
    await collector.send(batchOf([event, event, null, copyEvent({ type: 'poke' })]));
    await collector.post('{');
    const after = await read();
    const grown = (name: string) => value(after, name) - value(before, name);
    expect(grown('tacit_collector_events_total{outcome="accepted"}')).toBe(2);
    expect(grown('tacit_collector_events_total{outcome="dropped"}')).toBe(2);
    expect(grown('tacit_collector_drops_total{reason="not_an_object"}')).toBe(1);
    expect(grown('tacit_collector_drops_total{reason="unknown_type"}')).toBe(1);
    expect(value(after, 'tacit_collector_refusals_total{code="malformed_json"}')).toBeGreaterThan(0);
    expect(value(after, 'tacit_collector_step_seconds_total{step="drop_malformed"}')).toBeGreaterThan(0);
  });

  it('name every drop reason from the start, and nothing from input', async () => {
    await collector.send(batchOf([copyEvent({ type: 'evil-label' })]));
    const text = await read();
    for (const reason of DROP_REASONS)
      expect(value(text, `tacit_collector_drops_total{reason="${reason}"}`)).not.toBeNaN();
    expect(text).not.toContain('evil-label');
  });

  it('tell how full the log is', async () => {
    expect(value(await read(), 'tacit_collector_log_bytes{kind="free"}')).toBe(3);
  });

  it('are open on this machine, and need a read token through a proxy', async () => {
    const proxied = { 'x-forwarded-for': '192.0.2.7' };
    expect((await get('/metrics', proxied)).status).toBe(401);
    expect((await get('/metrics', { ...proxied, authorization: `Bearer ${WRITE_KEY}` })).status).toBe(401);
    expect((await get('/metrics', { ...proxied, authorization: `Bearer ${READ_TOKEN}` })).status).toBe(200);
  });
});

describe('privacy', () => {
  it('nothing of a request is logged: no key, no id, no address', async () => {
    await collector.post('{"secret-body', { origin: ORIGIN });
    await collector.send(batchOf([copyEvent()], { userId: 'secret-user' }));
    const logged = collector.logged.join('');
    for (const word of ['secret-body', 'secret-user', WRITE_KEY, '127.0.0.1']) expect(logged).not.toContain(word);
  });

  it('a person is a number in what is stored, and a text of a client is nowhere', async () => {
    const text = 'the whole text of an answer';
    await collector.send(
      batchOf([copyEvent({ text })], { userId: 'secret-user', clientId: 'secret-client', ip: '192.0.2.7' }),
    );
    const stored = collector.memory.appends
      .flat()
      .map(({ body }) => body.toString())
      .join('');
    for (const word of [text, 'secret-user', 'secret-client', '192.0.2.7']) expect(stored).not.toContain(word);
  });
});
