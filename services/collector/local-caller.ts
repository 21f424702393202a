// Whether a request comes from this machine itself, and not through a proxy that runs on it.
import type { IncomingMessage } from 'node:http';

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];

export function isLocal(request: IncomingMessage): boolean {
  const { remoteAddress = '' } = request.socket;
  return LOOPBACK.test(remoteAddress) && PROXY_HEADERS.every((name) => request.headers[name] === undefined);
}
