// The floor of a page, as a process: Node's own HTTP server that answers a page of so many bytes after one `SELECT 1` over one
// connection. In: an address of ClickHouse. Out: what no page can do without; it knows no tokens, figures or markup.
import { createServer } from 'node:http';
import { createClickHouse, type ClickHouse, type ClickHouseConnection } from '../../shared/runtime/clickhouse.js';
import { listen } from '../../shared/runtime/listen.js';
import { takeOrders } from './orders.js';

export interface PageFloorOrder {
  readonly connection: ClickHouseConnection;
}

let clickhouse: ClickHouse | undefined;
const pages = new Map<number, Buffer>();

const server = createServer((request, response) => {
  const bytes = Number(new URL(request.url ?? '/', 'http://floor').searchParams.get('bytes') ?? 0);
  const page = pages.get(bytes) ?? Buffer.alloc(bytes, 'a page ');
  pages.set(bytes, page);
  const asked = clickhouse?.query('SELECT 1 AS one', {}, { max_threads: 1 }) ?? Promise.resolve([]);
  asked.then(
    () => response.writeHead(200, { 'content-type': 'text/html', 'content-length': bytes }).end(page),
    () => response.writeHead(500).end(),
  );
});
const port = await listen(server, '127.0.0.1', 0);
takeOrders<PageFloorOrder, { url: string }>(async ({ connection }) => {
  clickhouse ??= createClickHouse(connection);
  return { url: `http://127.0.0.1:${port}` };
});
