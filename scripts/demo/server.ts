// The web server of the demo product: its page, its suggestions, and generations that are signed before anybody sees them.
// It stores nothing, and never sends the signing secret.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { DEBUG_PATH, type PageFile } from './page-files.js';
import type { GenerationAnswer, GenerationRequest, Suggestion } from './page/wire.js';
import { newVisitor, visitorCookie, visitorOf } from './visitor.js';

/** Most bytes of a request's body. */
export const BODY_BYTES_MAX = 4096;
/** Longest question, UTF-16 units. */
export const QUESTION_CHARS_MAX = 500;

export interface DemoServerOptions {
  readonly files: ReadonlyMap<string, PageFile>;
  /** Origin of the collector, which the page's content security policy admits. */
  readonly collectorOrigin: string;
  readonly suggestions: readonly Suggestion[];
  /** Makes one output, or undefined when there is no such item. */
  generate(request: GenerationRequest, visitor: string): GenerationAnswer | undefined;
}

const requestSchema = z
  .object({
    item: z.string().max(100).optional(),
    question: z.string().max(QUESTION_CHARS_MAX).optional(),
    attempt: z.number().int().min(0).max(1000),
  })
  .transform(({ item, question, attempt }): GenerationRequest => ({
    ...(item === undefined ? {} : { item }),
    ...(question === undefined ? {} : { question }),
    attempt,
  }));

export function createDemoServer(options: DemoServerOptions): Server {
  const headers = securityHeaders(options.collectorOrigin);
  return createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    handle(options, request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: 'internal' });
    });
  });
}

async function handle(options: DemoServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const route = `${request.method ?? ''} ${path}`;
  if (route === 'GET /healthz') return sendJson(response, 200, { ok: true });
  if (route === 'GET /api/suggestions') return sendJson(response, 200, options.suggestions);
  if (route === 'POST /api/visitor') {
    response.setHeader('Set-Cookie', visitorCookie(newVisitor()));
    return sendJson(response, 200, {});
  }
  if (route === 'POST /api/generations') return await sendGeneration(options, request, response);
  const wanted = path === '/' && new URLSearchParams(query).has('debug') ? DEBUG_PATH : path;
  const file = request.method === 'GET' || request.method === 'HEAD' ? options.files.get(wanted) : undefined;
  if (file === undefined) return sendJson(response, 404, { error: 'not_found' });
  if (path === '/' && visitorOf(request.headers.cookie) === undefined)
    response.setHeader('Set-Cookie', visitorCookie(newVisitor()));
  response.writeHead(200, { 'Content-Type': file.type, 'Cache-Control': 'no-cache' });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}

async function sendGeneration(
  options: DemoServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) {
    response.setHeader('Connection', 'close');
    return sendJson(response, 413, { error: 'too_large' });
  }
  const parsed = requestSchema.safeParse(parseJson(body));
  if (!parsed.success) return sendJson(response, 400, { error: 'invalid' });
  let visitor = visitorOf(request.headers.cookie);
  if (visitor === undefined) {
    visitor = newVisitor();
    response.setHeader('Set-Cookie', visitorCookie(visitor));
  }
  const answer = options.generate(parsed.data, visitor);
  return answer === undefined ? sendJson(response, 404, { error: 'no_such_item' }) : sendJson(response, 200, answer);
}

/** The body as text, or undefined when it is larger than BODY_BYTES_MAX. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** What a real product would send: scripts and connections from itself and from the collector, nothing else. */
function securityHeaders(collectorOrigin: string): Record<string, string> {
  return {
    'Content-Security-Policy': [
      `default-src 'none'`,
      `script-src 'self' ${collectorOrigin}`,
      `connect-src 'self' ${collectorOrigin}`,
      `style-src 'self'`,
      `img-src 'self' data:`,
      `base-uri 'none'`,
      `form-action 'none'`,
      `frame-ancestors 'none'`,
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
  };
}
