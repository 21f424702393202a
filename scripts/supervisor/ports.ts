// Chooses a port once, so that a restarted child comes back under the same address.
import { createServer, type AddressInfo } from 'node:net';

/** The port itself, or for 0 one that is free now on this host. */
export async function choosePort(host: string, port: number): Promise<number> {
  if (port !== 0) return port;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const chosen = (server.address() as AddressInfo).port;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return chosen;
}
