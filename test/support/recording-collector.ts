// A stand-in for the collector that keeps every body it got and answers as it is told, and a server for pages on an
// origin of its own. For tests of the beacon alone: what it sends, when, and how it takes each answer.
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { projectRoot } from '../../shared/runtime/project-root.js';

export interface RecordedEvent {
  id: string;
  t: number;
  type: string;
  g: string;
  [field: string]: unknown;
}

export interface RecordedBatch {
  at: number;
  body: string;
  contentType: string | undefined;
  key: string | null;
  status: number;
  userId?: string;
  clientId?: string;
  sessionId?: string;
  sentAt: number;
  generations: Record<string, Record<string, unknown>>;
  events: RecordedEvent[];
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export interface RecordingCollector {
  url: string;
  batches: RecordedBatch[];
  preflights: number;
  /** Answers a batch; by default all of it is accepted. */
  reply: (batch: RecordedBatch) => Reply;
  /** Events of acknowledged batches, each id once, in the order they were received. */
  events(): RecordedEvent[];
  close(): Promise<void>;
}

const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'Retry-After' };

export const accepted = (batch: RecordedBatch): Reply => ({
  status: 202,
  body: JSON.stringify({ accepted: batch.events.length, dropped: [] }),
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function sendBundle(name: string, response: ServerResponse): Promise<void> {
  const file = path.join(projectRoot, 'services', 'beacon', 'dist', path.basename(name));
  const body = await readFile(file).catch(() => undefined);
  response.writeHead(body ? 200 : 404, { ...CORS, 'content-type': 'text/javascript' }).end(body);
}

export async function startRecordingCollector(): Promise<RecordingCollector> {
  const batches: RecordedBatch[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://collector');
    if (request.method === 'OPTIONS') {
      collector.preflights++;
      response.writeHead(204, { ...CORS, 'access-control-allow-headers': 'content-type' }).end();
      return;
    }
    if (pathname.startsWith('/tacit/')) return await sendBundle(pathname, response);
    const body = await bodyOf(request);
    const batch: RecordedBatch = {
      ...(JSON.parse(body) as RecordedBatch),
      at: Date.now(),
      body,
      contentType: request.headers['content-type'],
      key: searchParams.get('key'),
      status: 0,
    };
    const reply = collector.reply(batch);
    batch.status = reply.status;
    batches.push(batch);
    response.writeHead(reply.status, { ...CORS, 'content-type': 'application/json', ...reply.headers });
    response.end(reply.body ?? '{}');
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const collector: RecordingCollector = {
    url: '',
    batches,
    preflights: 0,
    reply: accepted,
    events() {
      const seen = new Map<string, RecordedEvent>();
      for (const batch of batches)
        if (batch.status === 202) for (const event of batch.events) if (!seen.has(event.id)) seen.set(event.id, event);
      return [...seen.values()];
    },
    close: () => close(server),
  };
  collector.url = await listen(server);
  return collector;
}

export interface PageServer {
  url: string;
  /** HTML by path; scripts and styles where the path ends so. */
  pages: Map<string, string>;
  close(): Promise<void>;
}

const PAGE_TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };

export async function startPageServer(): Promise<PageServer> {
  const pages = new Map<string, string>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    const html = pages.get(pathname);
    const type = PAGE_TYPES[path.extname(pathname)] ?? 'text/html';
    response.writeHead(html === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8` });
    response.end(html ?? '');
  });
  return { url: await listen(server), pages, close: () => close(server) };
}
