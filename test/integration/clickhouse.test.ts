// The client's wrapper on the real embedded server.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClickHouse } from '../../shared/runtime/clickhouse.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { daysAgo } from '../support/days.js';
import { startHoldingProxy } from '../support/holding-proxy.js';

const AT = daysAgo(30);

let clickhouse: TestClickHouse;
beforeAll(async () => {
  clickhouse = await startTestClickHouse({ projects: ['acme'] });
});
afterAll(async () => {
  await clickhouse.stop();
});

const row = (over: Record<string, unknown> = {}) =>
  Buffer.from(
    `${JSON.stringify({
      project_id: 'acme',
      generation_id: 'g1',
      generated_at: AT,
      event_id: randomUUID(),
      event_type: 'shown',
      shows: 1,
      decides: 'nothing',
      occurred_at: AT,
      received_at: AT,
      ...over,
    })}\n`,
  );

test('an insert of several buffers stores every row', async () => {
  await clickhouse.writer.insertBlock('tacit.events', [row(), row(), row()]);
  const [counted] = await clickhouse.reporter.query<{ n: string }>('SELECT count() AS n FROM tacit.events');
  expect(counted?.n).toBe('3');
});

test('a bad value is refused with the code, the column and the row, and without the value', async () => {
  const refused = clickhouse.writer.insertBlock('tacit.events', [row(), row({ user_key: 'secret-value' })]);
  await expect(refused).rejects.toMatchObject({ name: 'ClickHouseError', serverCode: 27, retriable: false });
  await expect(refused).rejects.toThrow(/column user_key, row 2/);
  await expect(refused).rejects.not.toThrow(/secret-value/);
});

test('a field that the table does not have is refused', async () => {
  await expect(clickhouse.writer.insertBlock('tacit.events', [row({ colour: 1 })])).rejects.toMatchObject({
    serverCode: 117,
  });
});

test('parameters of every kind reach the server as they are, and 64-bit integers come back whole', async () => {
  const [found] = await clickhouse.reporter.query(
    `SELECT {s:String} AS s, {n:UInt64} AS n, {a:Array(String)} AS a, {x:Nullable(String)} AS x`,
    { s: "it's a \\ and a \n", n: '18446744073709551615', a: ["o'x", 'y'], x: null },
  );
  expect(found).toEqual({ s: "it's a \\ and a \n", n: '18446744073709551615', a: ["o'x", 'y'], x: null });
});

test('an exception in the middle of an answer is an error', async () => {
  const asked = clickhouse.reporter.query('SELECT throwIf(number = 300000) AS x FROM numbers(400000)');
  await expect(asked).rejects.toMatchObject({ serverCode: 395 });
});

test('a server that neither answers nor says that it took too long counts as away, and answers again later', async () => {
  const proxy = await startHoldingProxy(clickhouse.url);
  const asker = createClickHouse({ ...clickhouse.connections.reporter, url: proxy.url });
  const ask = async () => await asker.query('SELECT 1 AS x', {}, { max_execution_time: 1 });
  try {
    expect(await ask()).toEqual([{ x: 1 }]);
    proxy.hold();
    await expect(ask()).rejects.toMatchObject({
      message: 'ClickHouse cannot be reached: timeout',
      code: 'clickhouse_unreachable',
      retriable: true,
    });
    proxy.release();
    expect(await ask()).toEqual([{ x: 1 }]);
  } finally {
    await asker.close();
    await proxy.close();
  }
});
