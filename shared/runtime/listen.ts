// Binds an HTTP server, waiting a while for a predecessor that is going away, and closes it within a bound.
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { StartError, errorCode } from './errors.js';
import { sleep } from './retry.js';

/** How long a start waits for a port that a predecessor still holds, ms. */
export const PREDECESSOR_WAIT_MS = 15_000;

const IDLE_CHECK_MS = 50;

/** Binds and answers the port (the one asked for, or the one that port 0 got). Throws StartError when it stays taken. */
export async function listen(
  server: Server,
  host: string,
  port: number,
  waitMs = PREDECESSOR_WAIT_MS,
): Promise<number> {
  const until = performance.now() + waitMs;
  for (;;) {
    try {
      await new Promise<void>((resolve, reject) => {
        const settle = (error?: Error): void => {
          server.removeListener('error', settle);
          server.removeListener('listening', settle);
          if (error === undefined) resolve();
          else reject(error);
        };
        server.once('error', settle);
        server.once('listening', settle);
        server.listen(port, host);
      });
      return (server.address() as AddressInfo).port;
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE')
        throw new StartError(`cannot listen on ${host}:${port}: ${errorCode(error) ?? String(error)}`);
      if (performance.now() > until) throw new StartError(`port ${port} on ${host} is taken by another program`);
      await sleep(200);
    }
  }
}

/** Stops taking connections and waits for the open requests; what is still open after `graceMs` is cut. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose last request was under way becomes idle later, and would be kept open for the next one.
  server.closeIdleConnections();
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(timer);
}
