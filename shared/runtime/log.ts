// Structured logs. Fields first, then a constant sentence; never a payload, a key or an address.
import { pino, type Logger } from 'pino';

export type { Logger };

/** A logger that writes JSON lines to standard error, tagged with the service's name. */
export function createLogger(service: string, level: string): Logger {
  return pino(
    { level, base: { service, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );
}
