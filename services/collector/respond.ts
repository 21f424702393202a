// Writes answers. In: a status, headers and a body, or a problem. Out: bytes on the connection.
// A connection whose body was not read to its end is closed after the answer, late enough for the client to read it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PROBLEMS, problemDetails } from '../../shared/contract/problems.js';
import type { Headers } from './cors.js';
import type { Problem } from './problem.js';
import { hasBody } from './read-body.js';

/** How long a client that is still sending may take to read its refusal, ms. */
const LINGER_MS = 500;

export function sendJson(response: ServerResponse, status: number, body: object, headers: Headers = {}): void {
  sendText(response, status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

export function sendText(response: ServerResponse, status: number, text: string, headers: Headers): void {
  response.writeHead(status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
    'content-length': Buffer.byteLength(text),
  });
  // As a string it goes out in one write with the headers.
  response.end(text);
}

export function sendProblem(
  request: IncomingMessage,
  response: ServerResponse,
  problem: Problem,
  headers: Headers = {},
): void {
  const { status } = PROBLEMS[problem.code];
  const body = JSON.stringify(problemDetails(problem.code, problem.detail));
  const unread = hasBody(request) && !request.complete;
  const answered: Headers = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  };
  if (problem.retryAfterS !== undefined) answered['retry-after'] = String(problem.retryAfterS);
  if (unread) answered['connection'] = 'close';
  response.writeHead(status, answered);
  if (!unread) {
    response.end(body);
    return;
  }
  // Closing now, with bytes of the body unread, would reset the connection before the client has read the answer.
  response.write(body);
  const timer = setTimeout(() => response.end(), LINGER_MS);
  response.once('close', () => clearTimeout(timer));
}
