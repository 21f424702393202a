// The collector's HTTP interface: which address and method goes where. The route that matters stands first.
// Express's router alone is used, on Node's own request and response: an Express application changes the prototype of both
// for each request, which made everything after it slower (measured: 40 us a request, as much as all the rest together).
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Router, type NextFunction, type Request, type Response } from 'express';
import type { Logger } from '../../shared/runtime/log.js';
import { sendAsset, type Assets } from './assets.js';
import { collect, type CollectDependencies } from './collect.js';
import { corsHeaders, preflightHeaders } from './cors.js';
import { erase } from './erase.js';
import { isLocal } from './local-caller.js';
import { batchJsonSchema, openApi } from './openapi.js';
import { Problem } from './problem.js';
import { discardBody, hasBody } from './read-body.js';
import { sendJson, sendProblem, sendText } from './respond.js';

export interface AppDependencies extends CollectDependencies {
  readonly log: Logger;
  readonly assets: Assets;
  /** False from the moment the process is asked to stop. */
  readonly accepting: () => boolean;
  /** Why rows would not go on from the log, though it takes them; undefined when they do. */
  readonly forwardRefusal: () => { code: string; message: string } | undefined;
}

const DOCUMENT_HEADERS = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' };

export function createApp(deps: AppDependencies): RequestListener {
  const app = Router({ caseSensitive: true, strict: true });

  app.post('/v1/events', (request, response) => collect(request, response, deps));
  app.options('/v1/events', (request, response) => preflight(request, response, deps));
  app.delete('/v1/users/:id', (request, response) => erase(request, response, request.params.id, deps));

  app.get('/tacit/:name', (request, response, next) => {
    if (!sendAsset(request, response, deps.assets, request.params.name)) next();
  });
  app.get('/v1/openapi.json', (_request, response) => sendJson(response, 200, openApi(), DOCUMENT_HEADERS));
  app.get('/v1/schema.json', (_request, response) => sendJson(response, 200, batchJsonSchema(), DOCUMENT_HEADERS));
  app.get('/healthz', (_request, response) => sendJson(response, 200, { status: 'ok' }));
  app.get('/readyz', (_request, response) => ready(response, deps));
  app.get('/metrics', async (request, response) => {
    if (!isLocal(request) && !deps.keys().mayRead(request.headers.authorization))
      return await refuse(request, response, new Problem('unknown_key', 'metrics need a read token from here'), deps);
    const { registry } = deps.metrics;
    sendText(response, 200, await registry.metrics(), { 'content-type': registry.contentType });
  });

  for (const [path, allow] of KNOWN_PATHS)
    app.all(path, (request, response) => refuse(request, response, new Problem('method_not_allowed'), deps, { allow }));
  app.use((request, response) => refuse(request, response, new Problem('not_found'), deps));
  app.use(async (error: unknown, request: Request, response: Response, _next: NextFunction) => {
    // An address that cannot be decoded is the client's doing; everything else is ours.
    if (error instanceof URIError) return await refuse(request, response, new Problem('not_found'), deps);
    deps.log.error({ err: error }, 'a request failed');
    if (response.headersSent) return void response.destroy();
    await refuse(request, response, new Problem('internal'), deps);
  });
  return (request, response) => {
    app(request as Request, response as Response, () => void response.destroy());
  };
}

const KNOWN_PATHS: readonly (readonly [string, string])[] = [
  ['/v1/events', 'POST, OPTIONS'],
  ['/v1/users/:id', 'DELETE'],
  ['/v1/openapi.json', 'GET, HEAD'],
  ['/v1/schema.json', 'GET, HEAD'],
  ['/tacit/v1.js', 'GET, HEAD'],
  ['/tacit/v1.mjs', 'GET, HEAD'],
  ['/healthz', 'GET, HEAD'],
  ['/readyz', 'GET, HEAD'],
  ['/metrics', 'GET, HEAD'],
];

async function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  problem: Problem,
  deps: AppDependencies,
  headers: Record<string, string> = {},
): Promise<void> {
  deps.metrics.refused(problem.code);
  if (hasBody(request) && !request.complete) await discardBody(request, deps.bodyTimes);
  const cors = request.url?.startsWith('/tacit/')
    ? { 'access-control-allow-origin': '*' }
    : corsHeaders(request.headers.origin, deps.keys().origins);
  sendProblem(request, response, problem, { ...cors, ...headers });
}

async function preflight(request: IncomingMessage, response: ServerResponse, deps: AppDependencies): Promise<void> {
  const { origin } = request.headers;
  const { origins } = deps.keys();
  const headers = origin === undefined ? corsHeaders(origin, origins) : preflightHeaders(origin, origins);
  if (headers === undefined) return await refuse(request, response, new Problem('origin_not_allowed'), deps);
  response.writeHead(204, { ...headers, allow: 'POST, OPTIONS' }).end();
}

function ready(response: ServerResponse, deps: AppDependencies): void {
  const refusal = deps.accepting()
    ? (deps.writer.refusal() ?? deps.forwardRefusal())
    : { code: 'stopping', message: 'the process is stopping' };
  if (refusal === undefined) sendJson(response, 200, { status: 'ready' });
  else sendJson(response, 503, { status: 'not_ready', ...refusal }, { 'retry-after': '1' });
}
