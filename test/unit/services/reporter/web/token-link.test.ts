// A link with a read token, asked of a real HTTP server: the token goes into a cookie and out of the address, and the reader stays here.
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TOKEN_CHARS_MAX, TOKEN_COOKIE } from '../../../../../services/reporter/access.js';
import { LINKED_PATHS, tokenFromLink } from '../../../../../services/reporter/web/token-link.js';
import type { ResolvedProject } from '../../../../../shared/runtime/projects-file.js';
import { sha256 } from '../../../../support/reporter.js';

const TOKEN = 'a+token/of=tests';
const OLD = 'a token that was revoked';
const readTokens = [
  { sha256: sha256(TOKEN), revoked: false },
  { sha256: sha256(OLD), revoked: true },
];
const projects = [{ id: 'shop', readTokens }] as unknown as readonly ResolvedProject[];

let server: Server;
let url: string;
beforeAll(async () => {
  const app = express();
  app.get(
    [...LINKED_PATHS],
    tokenFromLink(() => projects),
  );
  app.use((_request, response) => void response.status(204).end());
  server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

const ask = async (address: string) => await fetch(`${url}${address}`, { redirect: 'manual' });
const token = encodeURIComponent(TOKEN);

test.each([
  [`/?token=${token}`, '/'],
  [`/prompt?project=shop&token=${token}&prompt=a%26b%3Dc`, '/prompt?project=shop&prompt=a%26b%3Dc'],
  [`/reports?token=${token}`, '/reports'],
  [`/reports/shop/daily/2026-11-16T06:00:00Z.html?token=${token}`, '/reports/shop/daily/2026-11-16T06:00:00Z.html'],
])('%s leads to %s with the token in a cookie', async (asked, there) => {
  const answer = await ask(asked);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, there]);
  const cookie = answer.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(new RegExp(`^${TOKEN_COOKIE}=${token}; `));
  expect(cookie).toContain('HttpOnly');
});

test('an address without a token is left to the page, and one that no link has is not looked at', async () => {
  expect((await ask('/prompt?project=shop')).status).toBe(204);
  expect((await ask(`/figures/rates.csv?token=${token}`)).status).toBe(204);
});

test.each([
  ['unknown', '/?token=unknown'],
  ['revoked', `/?token=${encodeURIComponent(OLD)}`],
  ['empty', '/?token='],
  ['given twice', `/?token=${token}&token=${token}`],
  ['too long', `/?token=${'x'.repeat(TOKEN_CHARS_MAX + 1)}`],
])('a token that is %s opens nothing and is not repeated', async (_what, asked) => {
  const answer = await ask(asked);
  expect(answer.status).toBe(401);
  expect(answer.headers.get('set-cookie')).toBeNull();
  const said = await answer.text();
  expect(said).toContain('This link does not open');
  expect(said).not.toMatch(/unknown"|a%2Btoken|a\+token|xxxx/);
});

describe('a reader is never sent away', () => {
  test.each([
    '//elsewhere.example/',
    '/reports//elsewhere.example',
    '/%2F%2Felsewhere.example',
    '/\\elsewhere.example',
  ])('by %s', async (path) => {
    const location = (await ask(`${path}?token=${token}`)).headers.get('location');
    if (location !== null) expect(new URL(location, url).origin).toBe(url);
  });

  test('by what else the address says', async () => {
    const location = (await ask(`/?token=${token}&next=https%3A%2F%2Felsewhere.example`)).headers.get('location');
    expect(location).toBe('/?next=https%3A%2F%2Felsewhere.example');
  });
});
