// A product's own web server: pages, a folder of built files, headers of its choice, and a path of its own domain that leads
// to the collector. In: what to serve. Out: its address. Must not outlive close().
import { readFile } from 'node:fs/promises';
import { createServer, request as requestTo } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

export interface HostOptions {
  /** Files that are served as they are; `/` is its index.html. */
  folder?: string;
  /** Requests under `path` go to `to` without it, as a reverse proxy does. */
  proxy?: { path: string; to: string };
}

export interface Host {
  url: string;
  /** HTML by path; comes before the folder. */
  pages: Map<string, string>;
  /** Sent with every page. */
  headers: Record<string, string>;
  close(): Promise<void>;
}

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript' };

function pass(request: IncomingMessage, response: ServerResponse, to: URL): void {
  const { host: _, ...headers } = request.headers;
  const onward = requestTo(to, { method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

export async function startHost({ folder, proxy }: HostOptions = {}): Promise<Host> {
  const pages = new Map<string, string>();
  const headers: Record<string, string> = {};

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url ?? '/';
    if (proxy && target.startsWith(`${proxy.path}/`))
      return pass(request, response, new URL(target.slice(proxy.path.length), proxy.to));
    const { pathname } = new URL(target, 'http://host');
    const file = pathname === '/' ? 'index.html' : pathname.slice(1);
    const page = pages.get(pathname);
    const body = page ?? (folder && (await readFile(path.join(folder, file)).catch(() => undefined)));
    const type = page === undefined ? TYPES[path.extname(file)] : 'text/html';
    response.writeHead(body === undefined ? 404 : 200, { ...headers, 'content-type': `${type}; charset=utf-8` });
    response.end(body);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pages,
    headers,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
