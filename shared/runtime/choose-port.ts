// Chooses a port once, so that a restarted child comes back under the same address.
import { createServer } from 'node:net';
import { StartError } from './errors.js';

/** Below the range from which systems take the ports of outgoing connections: those could take it while a child restarts. */
const CHOICE_FROM = 20_000;
const CHOICE_TO = 32_000;
const TRIES_MAX = 200;

/** The port itself, or for 0 one that is free now on this host. Throws StartError when none is found. */
export async function choosePort(host: string, port: number): Promise<number> {
  if (port !== 0) return port;
  for (let n = 0; n < TRIES_MAX; n += 1) {
    const candidate = CHOICE_FROM + Math.floor(Math.random() * (CHOICE_TO - CHOICE_FROM));
    if (await isFree(host, candidate)) return candidate;
  }
  throw new StartError(`no free port was found on ${host}`);
}

/** Throws StartError, with the remedy, when another program has one of them. */
export async function requireFreePorts(host: string, ports: readonly number[], remedy: string): Promise<void> {
  for (const port of ports) {
    if (!(await isFree(host, port)))
      throw new StartError(`port ${port} on ${host} is taken by another program: ${remedy}`);
  }
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  return await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
