// The floor of the collector, as a process: Node's own HTTP server, JSON.parse, the schemas of the contract, and JSON.stringify of
// each row. Answers 202 and stores nothing; it checks no key, origin, size, time, depth or encoding, and counts nothing.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../../shared/runtime/listen.js';
import { floorRows } from './floor-rows.js';
import { takeOrders } from './orders.js';

export interface FloorAddress {
  readonly url: string;
}

/** Length of the rows of all requests: keeps their text from being optimised away. */
let characters = 0;

function take(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const rows = floorRows(body, Date.now());
    for (const row of rows) characters += JSON.stringify(row).length + 1;
    const answer = JSON.stringify({ accepted: rows.length, dropped: [] });
    response.writeHead(202, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
    response.end(answer);
  });
}

const server = createServer(take);
const port = await listen(server, '127.0.0.1', 0);
takeOrders<object, FloorAddress & { characters: number }>(async () => ({
  url: `http://127.0.0.1:${port}`,
  characters,
}));
