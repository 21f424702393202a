// A TCP proxy in front of a server that can keep its answers back: what was asked is done, and who asked does not learn it.
// In: the server's address. Out: an address to use instead. Sends everything on as it came.
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

export interface HoldingProxy {
  readonly url: string;
  /** From now on nothing comes back. Bytes that were kept are counted. */
  hold(): void;
  /** Lets through what was kept, and what comes. */
  release(): void;
  readonly heldBytes: number;
  close(): Promise<void>;
}

export async function startHoldingProxy(targetUrl: string): Promise<HoldingProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let holding = false;
  let heldBytes = 0;
  let kept: { to: Socket; bytes: Buffer }[] = [];
  const server: Server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.pipe(upstream);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    upstream.on('data', (bytes: Buffer) => {
      if (!holding) {
        client.write(bytes);
        return;
      }
      heldBytes += bytes.length;
      kept.push({ to: client, bytes });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: () => {
      holding = true;
    },
    release: () => {
      holding = false;
      for (const { to, bytes } of kept) to.write(bytes);
      kept = [];
    },
    get heldBytes() {
      return heldBytes;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
