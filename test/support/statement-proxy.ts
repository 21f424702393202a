// A proxy before ClickHouse that can hold a statement back: it makes a window between two statements as long as a test needs.
// In: the server's address. Out: an address to use instead. Must pass everything else on unchanged.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HeldStatement {
  /** Passes it on now; resolves with the status that the server answered. */
  release(): Promise<number>;
  /** Never passes it on: who sent it loses the connection. */
  cut(): void;
  /** Never passes it on: answers as the server does that has run out of memory. */
  refuse(): void;
}

export interface StatementProxy {
  readonly url: string;
  /** Resolves when a statement that matches arrives; it waits until it is released. Only the first one is held. */
  hold(pattern: RegExp): Promise<HeldStatement>;
  /** Statements that match, in the order in which they came since the start. */
  seen(pattern: RegExp): string[];
  close(): Promise<void>;
}

export async function startStatementProxy(target: string): Promise<StatementProxy> {
  const holds: { pattern: RegExp; held: (statement: HeldStatement) => void }[] = [];
  const statements: string[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const statement = `${decodeURIComponent(request.url ?? '')}\n${body.toString()}`;
      statements.push(body.toString());
      const pass = async () => await forward(target, request, body, response);
      const at = holds.findIndex(({ pattern }) => pattern.test(statement));
      const [hold] = at < 0 ? [] : holds.splice(at, 1);
      if (hold === undefined) void pass();
      else hold.held({ release: pass, cut: () => request.socket.destroy(), refuse: () => refuse(response) });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: async (pattern) => await new Promise((held) => holds.push({ pattern, held })),
    seen: (pattern) => statements.filter((statement) => pattern.test(statement)),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(response: http.ServerResponse): void {
  response.writeHead(500, { 'X-ClickHouse-Exception-Code': '241' });
  response.end('Code: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED) (version 26.7.2.1)');
}

async function forward(
  target: string,
  request: http.IncomingMessage,
  body: Buffer,
  response: http.ServerResponse,
): Promise<number> {
  return await new Promise((resolve) => {
    const { method, headers, url } = request;
    const passed = http.request(new URL(url ?? '/', target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('end', () => resolve(answer.statusCode ?? 502));
      answer.on('error', () => resolve(502));
    });
    passed.on('error', () => {
      response.destroy();
      resolve(502);
    });
    passed.end(body);
  });
}
