// The HTTP server around the app: its timeouts, what it says to bytes that are not HTTP, and its graceful stop.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { BODY_TOTAL_MS_MAX, HEADERS_TIMEOUT_MS } from '../../shared/contract/limits.js';
import { problemDetails, type ProblemCode } from '../../shared/contract/problems.js';

/** How often connections are looked at whose headers do not come, ms. */
const CHECK_INTERVAL_MS = 500;
/** Longer than load balancers keep idle connections, so that they and not this side close them, ms. */
const KEEP_ALIVE_MS = 65_000;

/** Connections at once; further ones are closed at once, so that files and other services keep their descriptors. */
const CONNECTIONS_MAX = 8192;

/** `accepting` false: each answer closes its connection. */
export function createCollectorServer(app: RequestListener, accepting: () => boolean): Server {
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    // Bodies have their own, finer times; this is a backstop.
    requestTimeout: HEADERS_TIMEOUT_MS + BODY_TOTAL_MS_MAX + 5000,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.on('request', (request, response) => {
    if (!accepting()) response.setHeader('connection', 'close');
    app(request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const code = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'body_timeout' : 'malformed_json';
    socket.end(rawProblem(code));
  });
  return server;
}

/** An answer for a connection on which no request could be read. */
function rawProblem(code: ProblemCode): string {
  const details = problemDetails(code, 'the request is not readable HTTP');
  const body = JSON.stringify(details);
  return [
    `HTTP/1.1 ${details.status} ${code === 'body_timeout' ? 'Request Timeout' : 'Bad Request'}`,
    'content-type: application/problem+json',
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
