// The client's wrapper against servers that misbehave: an insert is done only when that is sure, and no message holds a value.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { createClickHouse, type ClickHouse } from '../../../../shared/runtime/clickhouse.js';

let server: Server | undefined;
let clickhouse: ClickHouse | undefined;

afterEach(async () => {
  await clickhouse?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
});

interface Seen {
  readonly settings: URLSearchParams;
  readonly body: string;
}

/** A client of a server that answers as told. What it was asked stands in the list answered. */
async function against(
  answer: (response: ServerResponse, seen: Seen, request: IncomingMessage) => void,
  options: { requestTimeoutMs?: number; serverMessages?: boolean } = {},
): Promise<{ client: ClickHouse; asked: Seen[] }> {
  const asked: Seen[] = [];
  server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const seen = { settings: new URL(request.url ?? '/', 'http://x').searchParams, body: body.toString() };
      asked.push(seen);
      answer(response, seen, request);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connection = { url: `http://127.0.0.1:${port}`, database: 'd', user: 'u', password: 'the password' };
  clickhouse = createClickHouse(connection, options);
  return { client: clickhouse, asked };
}

const done = (response: ServerResponse) =>
  response.writeHead(200, { 'x-clickhouse-summary': '{"written_rows":"1"}' }).end();
const refuse = (response: ServerResponse, code: number, said: string) =>
  response
    .writeHead(500, { 'x-clickhouse-exception-code': String(code) })
    .end(`Code: ${code}. DB::Exception: ${said}. (SOME_ERROR) (version 1)`);
const rows = [Buffer.from('{"a":1}\n'), Buffer.from('{"a":2}\n')];

test('an insert sends the buffers as they are, with its settings said outright', async () => {
  const { client, asked } = await against(done);
  await client.insertBlock('tacit.events', rows, { max_execution_time: 7 });
  expect(asked).toHaveLength(1);
  expect(asked[0]?.body).toBe('{"a":1}\n{"a":2}\n');
  const settings = Object.fromEntries(asked[0]?.settings ?? []);
  expect(settings).toMatchObject({
    query: 'INSERT INTO tacit.events FORMAT JSONEachRow',
    async_insert: '0',
    deduplicate_insert: 'disable',
    insert_deduplicate: '0',
    input_format_skip_unknown_fields: '0',
    max_execution_time: '7',
    wait_end_of_query: '1',
  });
});

test('a setting that an older server does not know is left out from then on', async () => {
  const { client, asked } = await against((response, { settings }) =>
    settings.has('deduplicate_insert') ? refuse(response, 115, 'Unknown setting deduplicate_insert') : done(response),
  );
  await client.insertBlock('t', rows);
  await client.insertBlock('t', rows);
  expect(asked.map(({ settings }) => settings.has('deduplicate_insert'))).toEqual([true, false, false]);
  expect(asked.map(({ settings }) => settings.get('insert_deduplicate'))).toEqual(['0', '0', '0']);
});

test('a setting that must not be left out is not', async () => {
  const { client, asked } = await against((response) => refuse(response, 115, 'Unknown setting async_insert'));
  await expect(client.insertBlock('t', rows)).rejects.toMatchObject({ serverCode: 115 });
  expect(asked).toHaveLength(1);
});

test('an exception behind a good status is a failure, with its code', async () => {
  const { client } = await against((response) =>
    response
      .writeHead(200, { 'x-clickhouse-summary': '{}' })
      .end('Code: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED) (version 1)'),
  );
  await expect(client.insertBlock('t', rows)).rejects.toMatchObject({ serverCode: 241, retriable: true });
});

test('a good status that does not say how the insert ended is no success', async () => {
  const { client } = await against((response) => response.writeHead(200).end());
  await expect(client.insertBlock('t', rows)).rejects.toMatchObject({ serverCode: undefined, retriable: true });
});

test('an answer that breaks off is no success', async () => {
  const { client } = await against((response) => {
    response.writeHead(200, { 'x-clickhouse-summary': '{}', 'transfer-encoding': 'chunked' });
    response.write(' ');
    setTimeout(() => response.destroy(), 20);
  });
  await expect(client.insertBlock('t', rows)).rejects.toMatchObject({
    code: 'clickhouse_unreachable',
    retriable: true,
  });
  await expect(client.command('SELECT 1')).rejects.toMatchObject({ code: 'clickhouse_unreachable' });
  await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: 'clickhouse_unreachable' });
});

test('a server that does not answer in time, or is not there, is weather', async () => {
  const { client } = await against(() => undefined, { requestTimeoutMs: 100 });
  await expect(client.insertBlock('t', rows)).rejects.toMatchObject({ serverCode: undefined, retriable: true });
  const nobody = createClickHouse({ url: 'http://127.0.0.1:1', database: 'd', user: 'u', password: 'p' });
  await expect(nobody.query('SELECT 1')).rejects.toThrow('ClickHouse cannot be reached: ECONNREFUSED');
  expect(await nobody.ping()).toBe(false);
  await nobody.close();
});

test('which refusals can pass by waiting', async () => {
  const check = async (code: number, retriable: boolean): Promise<void> => {
    const { client } = await against((response) => refuse(response, code, 'said'));
    await expect(client.command('SELECT 1')).rejects.toMatchObject({ serverCode: code, retriable });
    await client.close();
    server?.closeAllConnections();
    server?.close();
  };
  await check(252, true);
  await check(159, true);
  await check(27, false);
  await check(497, false);
});

test('a message holds neither a value nor a password, but names the column and the row', async () => {
  const said =
    "Cannot parse input: expected '\"' before: 'my secret': (while reading the value of key user_key): (at row 2)";
  for (const serverMessages of [false, true]) {
    const { client } = await against((response) => refuse(response, 27, said), { serverMessages });
    const error = await client.insertBlock('t', rows).catch((e: unknown) => e);
    expect(error).toMatchObject({ message: 'ClickHouse refused: SOME_ERROR (27): column user_key, row 2' });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/my secret|the password/);
    await client.close();
    server?.closeAllConnections();
    server?.close();
  }
});

test('parameters travel beside the statement, and rows come back', async () => {
  const { client, asked } = await against((response) => response.writeHead(200).end('{"x":"1"}\n{"x":"2"}\n'));
  expect(await client.query('SELECT {p:String} AS x', { p: 'a b&c' })).toEqual([{ x: '1' }, { x: '2' }]);
  expect(asked[0]?.settings.get('param_p')).toBe('a b&c');
  expect(asked[0]?.body).toBe('SELECT {p:String} AS x \nFORMAT JSONEachRow');
});
