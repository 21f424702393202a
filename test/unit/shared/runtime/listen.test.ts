// Binding a port that a predecessor still holds, and closing within a bound.
import { createServer, get } from 'node:http';
import { expect, test } from 'vitest';
import { closeServer, listen } from '../../../../shared/runtime/listen.js';

test('port 0 answers the port it got', async () => {
  const server = createServer();
  expect(await listen(server, '127.0.0.1', 0)).toBeGreaterThan(0);
  await closeServer(server, 100);
});

test('a port is taken over as soon as its predecessor is gone, without piling up listeners', async () => {
  const before = createServer();
  const port = await listen(before, '127.0.0.1', 0);
  const after = createServer();
  const listeners = () => after.listenerCount('listening') + after.listenerCount('error');
  const own = listeners();
  const taken = listen(after, '127.0.0.1', port);
  setTimeout(() => before.close(), 500);
  expect(await taken).toBe(port);
  expect(listeners()).toBe(own);
  await closeServer(after, 100);
});

test('a port that stays taken is one clear line', async () => {
  const before = createServer();
  const port = await listen(before, '127.0.0.1', 0);
  await expect(listen(createServer(), '127.0.0.1', port, 300)).rejects.toThrow(
    `port ${port} on 127.0.0.1 is taken by another program`,
  );
  await closeServer(before, 100);
});

test('a request that does not end is cut after the grace', async () => {
  const server = createServer(() => undefined);
  const port = await listen(server, '127.0.0.1', 0);
  const cut = new Promise<void>((resolve) =>
    get({ host: '127.0.0.1', port, agent: false }).once('error', () => resolve()),
  );
  await new Promise<void>((resolve) => server.once('request', () => resolve()));
  await closeServer(server, 100);
  await cut;
});
