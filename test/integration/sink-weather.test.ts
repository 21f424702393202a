// The sink's process in bad weather: ClickHouse away, changed or forbidden, a damaged log, its own death at the worst moment.
import { open, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sleep } from '../../shared/runtime/retry.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { blockOf, eventRow } from '../support/event-rows.js';
import { eventually } from '../support/eventually.js';
import { startHoldingProxy } from '../support/holding-proxy.js';
import { openSinkFixture, sinkGet, type SinkFixture } from '../support/sink-fixture.js';
import type { ServiceProcess } from '../support/service-process.js';

let clickhouse: TestClickHouse;
let fixture: SinkFixture;

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
});
afterAll(async () => {
  await clickhouse.stop();
});
beforeEach(async () => {
  fixture = await openSinkFixture(clickhouse);
});
afterEach(async () => {
  await fixture.close();
});

const rowsOf = (n: number) => Array.from({ length: n }, () => eventRow());
const ids = (rows: readonly Record<string, unknown>[]) => rows.map((row) => String(row['event_id'])).sort();
/** Long enough for several attempts. */
const A_WHILE_MS = 2_500;

async function waitsFor(sink: ServiceProcess, reason: string): Promise<void> {
  const readiness = async () => (await sinkGet(sink, '/readyz')).body;
  await eventually(readiness, (body) => body.includes(`"${reason}"`) && body.includes('"ready":false'));
}

test('while ClickHouse is stopped everything waits, and it goes on by itself when it is back', async () => {
  const rows = rowsOf(300);
  await fixture.writer.append([blockOf(rows.slice(0, 100))]);
  const sink = await fixture.startSink();
  await fixture.reachTotals({ stored: 100, dead: 0 });
  await clickhouse.kill();
  await fixture.writer.append([blockOf(rows.slice(100))]);
  await waitsFor(sink, 'clickhouse');
  await sleep(A_WHILE_MS);
  expect(await fixture.totals()).toEqual({ stored: 100, dead: 0 });
  expect((await sinkGet(sink, '/metrics')).body).not.toContain('tacit_sink_lag_bytes 0\n');
  await clickhouse.restart();
  await fixture.reachTotals({ stored: 300, dead: 0 });
  expect(await fixture.storedIds()).toEqual(ids(rows));
  expect((await sinkGet(sink, '/readyz')).status).toBe(200);
});

test('a sink that finds no ClickHouse at its start waits for it, and can be stopped', async () => {
  await clickhouse.kill();
  await fixture.writer.append([blockOf(rowsOf(10))]);
  const sink = await fixture.startSink();
  await waitsFor(sink, 'clickhouse');
  const started = performance.now();
  expect(await sink.stop()).toBe(0);
  expect(performance.now() - started).toBeLessThan(5_000);
  await clickhouse.restart();
  await fixture.startSink();
  await fixture.reachTotals({ stored: 10, dead: 0 });
});

/** Ways in which an operator can break a table, and mend it again. */
const BREAKS: readonly { name: string; state: string; breakIt: () => Promise<void>; mendIt: () => Promise<void> }[] = [
  {
    name: 'a dropped column',
    state: 'witness',
    breakIt: async () => await clickhouse.migrator.command('ALTER TABLE events DROP COLUMN sdk'),
    mendIt: async () =>
      await clickhouse.migrator.command('ALTER TABLE events ADD COLUMN sdk LowCardinality(String) AFTER clock_suspect'),
  },
  {
    name: 'a missing table',
    state: 'clickhouse',
    breakIt: async () => await clickhouse.migrator.command('RENAME TABLE events TO events_away'),
    mendIt: async () => await clickhouse.migrator.command('RENAME TABLE events_away TO events'),
  },
  {
    name: 'a missing grant',
    state: 'clickhouse',
    breakIt: async () => await replaceInUsers('GRANT INSERT ON tacit.events<', 'GRANT INSERT ON tacit.elsewhere<'),
    mendIt: async () => await replaceInUsers('GRANT INSERT ON tacit.elsewhere<', 'GRANT INSERT ON tacit.events<'),
  },
];

async function replaceInUsers(from: string, to: string): Promise<void> {
  const file = path.join(clickhouse.directory, 'users.xml');
  const before = await readFile(file, 'utf8');
  expect(before).toContain(from);
  await writeFile(file, before.replace(from, to));
  // The embedded server reads its users at its start only.
  await clickhouse.kill();
  await clickhouse.restart();
}

test.each(BREAKS)('$name costs no row, whether rows were stored before or not', async ({ state, breakIt, mendIt }) => {
  const rows = rowsOf(30);
  await fixture.writer.append([blockOf(rows.slice(0, 10))]);
  const first = await fixture.startSink();
  await fixture.reachTotals({ stored: 10, dead: 0 });
  await breakIt();
  try {
    await fixture.writer.append([blockOf([...rows.slice(10, 20), eventRow({ chars: -1 })])]);
    await waitsFor(first, state);
    await sleep(A_WHILE_MS);
    await first.kill();
    const second = await fixture.startSink();
    await waitsFor(second, state);
    await fixture.writer.append([blockOf(rows.slice(20))]);
    await sleep(A_WHILE_MS);
    expect(await fixture.totals()).toEqual({ stored: 10, dead: 0 });
    expect(await fixture.deadLetters()).toEqual([]);
  } finally {
    await mendIt();
  }
  await fixture.reachTotals({ stored: 30, dead: 1 }, 60_000);
  expect(await fixture.storedIds()).toEqual(ids(rows));
  expect((await fixture.deadLetters()).length).toBe(1);
});

test('a bad row at the head of the log waits for a witness, and does not hold up what comes behind it', async () => {
  const rows = rowsOf(5);
  await fixture.writer.append([blockOf([eventRow({ chars: -1 })])]);
  const sink = await fixture.startSink();
  await waitsFor(sink, 'witness');
  await sleep(A_WHILE_MS);
  expect(await fixture.deadLetters()).toEqual([]);
  await fixture.writer.append([blockOf(rows)]);
  await fixture.reachTotals({ stored: 5, dead: 1 });
  expect(await fixture.storedIds()).toEqual(ids(rows));
});

test('a block with a flipped bit becomes a dead letter, and the blocks around it are stored', async () => {
  const rows = rowsOf(20);
  await fixture.writer.append([blockOf(rows.slice(0, 10))]);
  await fixture.writer.append([blockOf([eventRow({ label: 'flip-me' })])]);
  await fixture.writer.append([blockOf(rows.slice(10))]);
  await flipByteAt('flip-me');
  await fixture.startSink();
  await fixture.reachTotals({ stored: 20, dead: 1 });
  expect(await fixture.storedIds()).toEqual(ids(rows));
  const letters = await fixture.deadLetters();
  expect(letters).toMatchObject([{ target: 'events', reason: 'bad_crc', project_id: '' }]);
  expect(letters[0]?.position).toMatch(/^log:.*:0$/);
  expect(letters[0]?.row).toContain('glip-me');
});

async function flipByteAt(text: string): Promise<void> {
  for (const name of await readdir(fixture.logDirectory)) {
    if (!name.endsWith('.seg')) continue;
    const file = path.join(fixture.logDirectory, name);
    const at = (await readFile(file)).indexOf(text);
    if (at === -1) continue;
    const handle = await open(file, 'r+');
    await handle.write(Buffer.from('g'), 0, 1, at);
    await handle.close();
  }
}

test('a sink killed after ClickHouse stored its rows and before it knew counts nothing twice', async () => {
  const rows = rowsOf(500);
  const proxy = await startHoldingProxy(clickhouse.url);
  try {
    const sink = await fixture.startSink(proxy.url);
    proxy.hold();
    await fixture.writer.append([blockOf(rows)]);
    await eventually(
      async () => await fixture.storedIds(),
      (stored) => stored.length === rows.length,
    );
    await eventually(
      async () => proxy.heldBytes,
      (bytes) => bytes > 0,
    );
    await sink.kill();
    expect(await fixture.totals()).toEqual({ stored: 0, dead: 0 });
  } finally {
    await proxy.close();
  }
  await fixture.startSink();
  await fixture.reachTotals({ stored: 500, dead: 0 });
  expect(await fixture.storedIds()).toEqual(ids(rows));
  const [counted] = await clickhouse.reporter.query(
    `SELECT (SELECT count() FROM events) >= 1000 AS again, (SELECT count() FROM events FINAL) AS once,
      (SELECT count() FROM generation_outcomes) AS generations, (SELECT sum(length(decisive)) FROM generations FINAL) AS decisive`,
  );
  expect(counted).toEqual({ again: 1, once: '500', generations: '500', decisive: '500' });
});

test('an answer that comes late is waited for, with the next rows read and no more', async () => {
  const proxy = await startHoldingProxy(clickhouse.url);
  try {
    const sink = await fixture.startSink(proxy.url);
    proxy.hold();
    for (let i = 0; i < 10; i += 1) await fixture.writer.append([blockOf(rowsOf(10))]);
    await sleep(A_WHILE_MS);
    expect(await fixture.totals()).toEqual({ stored: 0, dead: 0 });
    proxy.release();
    await fixture.reachTotals({ stored: 100, dead: 0 });
    expect(await sink.stop()).toBe(0);
  } finally {
    await proxy.close();
  }
});

test('a stop ends within its bound though ClickHouse does not answer, and nothing is lost', async () => {
  const rows = rowsOf(10);
  const proxy = await startHoldingProxy(clickhouse.url);
  try {
    const sink = await fixture.startSink(proxy.url);
    proxy.hold();
    await fixture.writer.append([blockOf(rows)]);
    await eventually(
      async () => proxy.heldBytes,
      (bytes) => bytes > 0,
    );
    const started = performance.now();
    expect(await sink.stop()).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
  } finally {
    await proxy.close();
  }
  await fixture.startSink();
  await fixture.reachTotals({ stored: 10, dead: 0 });
  expect(await fixture.storedIds()).toEqual(ids(rows));
});
