// The web server of the demo: its routes, its limits, its headers, and what never leaves it.
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen, closeServer } from '../../../../shared/runtime/listen.js';
import { BODY_BYTES_MAX, QUESTION_CHARS_MAX, createDemoServer } from '../../../../scripts/demo/server.js';

const asked: unknown[] = [];
const server = createDemoServer({
  files: new Map([
    ['/', { type: 'text/html; charset=utf-8', body: '<!doctype html>' }],
    ['/?debug', { type: 'text/html; charset=utf-8', body: '<!doctype html><title>debug' }],
    ['/page/main.js', { type: 'text/javascript; charset=utf-8', body: 'void 0;' }],
  ]),
  collectorOrigin: 'http://collector.example:7070',
  suggestions: [{ id: 'a', kind: 'answer', chip: 'A', title: 'A?' }],
  generate: (request, visitor) => {
    asked.push({ request, visitor });
    if (request.item === 'broken') throw new Error('secret detail');
    if (request.item === 'unknown') return undefined;
    return {
      generationId: 'g',
      token: 't1.x.y',
      item: 'a',
      kind: 'answer',
      text: 'hello',
      promptId: 'p',
      promptVersion: '1',
      model: 'm',
      modelVersion: '1',
    };
  },
});
let base = '';

beforeAll(async () => {
  await listen(server, '127.0.0.1', 0);
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await closeServer(server, 100);
});

const get = async (path: string, headers: Record<string, string> = {}) => await fetch(base + path, { headers });
const post = async (body: string, headers: Record<string, string> = {}) =>
  await fetch(`${base}/api/generations`, { method: 'POST', body, headers });
const visitorIn = (response: Response) =>
  /^tacit_demo_visitor=([0-9a-f-]{36}); Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/.exec(
    response.headers.get('Set-Cookie') ?? '',
  )?.[1];

describe('pages', () => {
  test('are served with their type, and anything else is not there', async () => {
    const check = async (path: string, status: number, type: string) => {
      const response = await get(path);
      expect([response.status, response.headers.get('Content-Type')]).toEqual([status, type]);
    };
    await check('/', 200, 'text/html; charset=utf-8');
    await check('/?x=1', 200, 'text/html; charset=utf-8');
    await check('/?debug', 200, 'text/html; charset=utf-8');
    await check('/page/main.js', 200, 'text/javascript; charset=utf-8');
    await check('/healthz', 200, 'application/json; charset=utf-8');
    await check('/page/../../package.json', 404, 'application/json; charset=utf-8');
    await check('/nothing', 404, 'application/json; charset=utf-8');
    expect(await (await get('/?x=1&debug')).text()).toContain('debug');
    expect(await (await get('/?x=1')).text()).not.toContain('debug');
    expect((await fetch(`${base}/`, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${base}/`, { method: 'DELETE' })).status).toBe(404);
  });

  test('admit scripts and connections from themselves and the collector only', async () => {
    const policy = (await get('/')).headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain(`script-src 'self' http://collector.example:7070;`);
    expect(policy).toContain(`connect-src 'self' http://collector.example:7070;`);
    expect(policy).toContain(`default-src 'none'`);
    expect(policy).not.toContain('unsafe');
  });
});

describe('a visitor', () => {
  test('gets an id once and keeps it', async () => {
    const visitor = visitorIn(await get('/'));
    expect(visitor).toBeDefined();
    const again = await get('/', { Cookie: `other=1; tacit_demo_visitor=${visitor}` });
    expect(again.headers.get('Set-Cookie')).toBeNull();
  });

  test('who asks without an id is given the one that the generation is signed for', async () => {
    const visitor = visitorIn(await post('{"item":"a","attempt":0}'));
    expect(asked.at(-1)).toEqual({ request: { item: 'a', attempt: 0 }, visitor });
  });

  test('with an id of another shape is a new one', async () => {
    const response = await get('/', { Cookie: 'tacit_demo_visitor=<script>' });
    expect(visitorIn(response)).toBeDefined();
  });

  test('can become another one', async () => {
    const one = visitorIn(await fetch(`${base}/api/visitor`, { method: 'POST' }));
    const two = visitorIn(await fetch(`${base}/api/visitor`, { method: 'POST' }));
    expect(one).toBeDefined();
    expect(two).not.toBe(one);
  });
});

describe('a generation', () => {
  test('is answered for an item and for a question', async () => {
    const response = await post('{"question":"why?","attempt":3}');
    expect(response.status).toBe(200);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ generationId: 'g', token: 't1.x.y', text: 'hello' });
    expect(asked.at(-1)).toMatchObject({ request: { question: 'why?', attempt: 3 } });
  });

  test('is refused with a status for what cannot be asked', async () => {
    const check = async (body: string, status: number) => expect((await post(body)).status).toBe(status);
    await check('{"item":"unknown","attempt":0}', 404);
    await check('{"item":"a"}', 400);
    await check('{"item":"a","attempt":-1}', 400);
    await check('{"item":7,"attempt":0}', 400);
    await check('[]', 400);
    await check('{', 400);
    await check('', 400);
  });

  test('takes questions and bodies up to their limits and not one past them', async () => {
    const question = (chars: number) => JSON.stringify({ question: 'x'.repeat(chars), attempt: 0 });
    expect((await post(question(QUESTION_CHARS_MAX))).status).toBe(200);
    expect((await post(question(QUESTION_CHARS_MAX + 1))).status).toBe(400);
    const body = '{"item":"a","attempt":0}';
    expect((await post(body.padEnd(BODY_BYTES_MAX))).status).toBe(200);
    expect((await post(body.padEnd(BODY_BYTES_MAX + 1))).status).toBe(413);
  });

  test('that fails says nothing of the inside', async () => {
    const response = await post('{"item":"broken","attempt":0}');
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ error: 'internal' });
  });
});
