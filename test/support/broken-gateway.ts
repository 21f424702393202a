// A server that takes every request whole and answers what stands between a client and a ClickHouse in trouble. Out: its port.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BrokenGateway {
  readonly port: number;
  /** Requests answered so far. */
  readonly answered: number;
  close(): Promise<void>;
}

/** In turn: a server's own failure, a gateway's page, a bare status. */
const ANSWERS = [
  {
    status: 500,
    headers: { 'X-ClickHouse-Exception-Code': '241' },
    body: 'Code: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED) (version 26.7.2.1)\n',
  },
  { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><h1>502 Bad Gateway</h1></html>\n' },
  { status: 500, headers: {}, body: '' },
] as const;

export async function startBrokenGateway(): Promise<BrokenGateway> {
  let answered = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const { status, headers, body } = ANSWERS[answered % ANSWERS.length] ?? ANSWERS[0];
      answered += 1;
      response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get answered() {
      return answered;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
