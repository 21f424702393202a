// The floor of the sink, as a process: posts the same bytes in the same sizes to ClickHouse over one kept-alive connection of
// Node's own client, from memory, one insert after the other. Knows no stream, no commit, no retry. In: DirectOrder.
import { Agent, request } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { ClickHouseConnection } from '../../shared/runtime/clickhouse.js';
import { takeOrders } from './orders.js';

export type DirectOrder =
  | { readonly kind: 'load'; readonly file: string; readonly sizes: readonly number[] }
  | { readonly kind: 'insert'; readonly connection: ClickHouseConnection };

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let bodies: readonly Buffer[] = [];

async function load(file: string, sizes: readonly number[]): Promise<void> {
  const bytes = await readFile(file);
  let at = 0;
  bodies = sizes.map((size) => bytes.subarray(at, (at += size)));
  if (at !== bytes.length) throw new Error(`the sizes add up to ${at}, the file has ${bytes.length} bytes`);
}

async function insert({ url, database, user, password }: ClickHouseConnection, body: Buffer): Promise<void> {
  const target = new URL(url);
  target.searchParams.set('database', database);
  target.searchParams.set('query', 'INSERT INTO events FORMAT JSONEachRow');
  target.searchParams.set('wait_end_of_query', '1');
  await new Promise<void>((resolve, reject) => {
    const headers = { 'x-clickhouse-user': user, 'x-clickhouse-key': password, 'content-length': body.length };
    const sent = request(target, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(text))));
      response.once('error', reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

takeOrders<DirectOrder, null>(async (order) => {
  if (order.kind === 'load') await load(order.file, order.sizes);
  else for (const body of bodies) await insert(order.connection, body);
  return null;
});
