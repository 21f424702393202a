// The bad network of the fault tests does what each of its modes says, and never changes or reorders a byte.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { FaultProxy } from '../../support/fault-proxy.js';

let server: Server;
let proxy: FaultProxy;
let port: number;
/** What reached the server; it answers each piece with the same bytes in capitals. */
let asked: string;
const sockets: Socket[] = [];

beforeEach(async () => {
  asked = '';
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      asked += bytes.toString();
      socket.write(bytes.toString().toUpperCase());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = new FaultProxy((server.address() as AddressInfo).port);
  port = await proxy.listen();
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy.close();
  server.close();
});

interface Client {
  readonly socket: Socket;
  readonly answers: () => string;
  readonly error: () => string | undefined;
  readonly closed: () => boolean;
}

async function open(): Promise<Client> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let [answers, closed]: [string, boolean] = ['', false];
  let error: string | undefined;
  socket.on('data', (bytes: Buffer) => (answers += bytes.toString()));
  socket.on('error', (problem: NodeJS.ErrnoException) => (error = problem.code));
  socket.on('close', () => (closed = true));
  await new Promise<void>((resolve) => socket.once('connect', resolve).once('close', () => resolve()));
  return { socket, answers: () => answers, error: () => error, closed: () => closed };
}

async function answered(client: Client, text: string): Promise<void> {
  await eventually(
    async () => client.answers(),
    (answers) => answers === text,
    2000,
  );
}

async function cut(client: Client): Promise<void> {
  await eventually(
    async () => client.closed(),
    (closed) => closed,
    2000,
  );
  expect(client.error()).toBe('ECONNRESET');
}

const settle = async (ms = 60): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));

describe('a proxy', () => {
  test('that passes sends both ways, and a closed side closes the other', async () => {
    const client = await open();
    client.socket.write('abc');
    await answered(client, 'ABC');
    expect(proxy.openConnections).toBe(1);
    client.socket.end();
    await eventually(
      async () => proxy.openConnections,
      (n) => n === 0,
      2000,
    );
  });

  test('that refuses resets what is open and what comes, until it passes again', async () => {
    const before = await open();
    proxy.set('refuse');
    await cut(before);
    await cut(await open());
    proxy.set('pass');
    const after = await open();
    after.socket.write('x');
    await answered(after, 'X');
  });

  test('that is reset cuts what is open and lets new connections through', async () => {
    const before = await open();
    proxy.reset();
    await cut(before);
    const after = await open();
    after.socket.write('x');
    await answered(after, 'X');
  });

  test('that is a black hole takes everything and sends nothing on, and cuts what lost bytes when it ends', async () => {
    proxy.set('blackhole');
    const [lost, untouched] = [await open(), await open()];
    lost.socket.write('abc');
    await settle();
    expect(asked).toBe('');
    expect(lost.closed()).toBe(false);
    proxy.set('pass');
    await cut(lost);
    untouched.socket.write('x');
    await answered(untouched, 'X');
  });

  test('that is frozen keeps bytes and connections, and sends all of it when it thaws', async () => {
    const client = await open();
    client.socket.write('a');
    await answered(client, 'A');
    proxy.set('freeze');
    client.socket.write('b');
    await settle();
    expect(asked).toBe('a');
    proxy.set('pass');
    await answered(client, 'AB');
  });

  test('that drops answers lets the question through', async () => {
    proxy.set('dropResponses');
    const client = await open();
    client.socket.write('abc');
    await eventually(
      async () => asked,
      (text) => text === 'abc',
      2000,
    );
    await settle();
    expect(client.answers()).toBe('');
    proxy.set('pass');
    await cut(client);
  });

  test('that drops questions lets answers to earlier ones through', async () => {
    const client = await open();
    proxy.set({ mode: 'pass', delayMs: 100 });
    client.socket.write('a');
    await eventually(
      async () => asked,
      (text) => text === 'a',
      2000,
    );
    proxy.set('dropRequests');
    client.socket.write('b');
    await answered(client, 'A');
    await settle();
    expect(asked).toBe('a');
    proxy.set('pass');
    await cut(client);
  });

  test('that delays keeps the order, also when the delay ends', async () => {
    proxy.set({ mode: 'pass', delayMs: 100 });
    const client = await open();
    const started = performance.now();
    client.socket.write('a');
    await settle(20);
    proxy.set('pass');
    client.socket.write('b');
    await answered(client, 'AB');
    expect(performance.now() - started).toBeGreaterThanOrEqual(99);
  });

  test('with a bandwidth takes the time that its bytes take', async () => {
    proxy.set({ mode: 'pass', bytesPerSecond: 10_000 });
    const client = await open();
    const started = performance.now();
    client.socket.write('z'.repeat(1000));
    await answered(client, 'Z'.repeat(1000));
    expect(performance.now() - started).toBeGreaterThanOrEqual(190);
  });

  test('that cuts after some bytes lets exactly these through, once', async () => {
    proxy.set({ mode: 'pass', cutAfterBytes: 4 });
    const client = await open();
    client.socket.write('abcd');
    await answered(client, 'ABCD');
    client.socket.write('efgh');
    await cut(client);
    expect(asked).toBe('abcd');
    const after = await open();
    after.socket.write('ij');
    await answered(after, 'IJ');
  });

  test('a cut is not spent on what a connection that is gone still had in hand', async () => {
    proxy.set({ mode: 'pass', delayMs: 80 });
    const gone = await open();
    gone.socket.write('abcdefgh');
    await settle(20);
    proxy.reset();
    proxy.set({ mode: 'pass', cutAfterBytes: 4 });
    await settle(120);
    const client = await open();
    client.socket.write('ijklmnop');
    await cut(client);
    expect(asked).toBe('ijkl');
  });

  test('that has another server answer instead moves its connections there, and back', async () => {
    const other = createServer((socket) => void socket.on('error', () => undefined).write('other'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const before = await open();
    proxy.set({ mode: 'pass', instead: (other.address() as AddressInfo).port });
    await cut(before);
    await answered(await open(), 'other');
    proxy.set('pass');
    const after = await open();
    after.socket.write('x');
    await answered(after, 'X');
    other.close();
  });
});
