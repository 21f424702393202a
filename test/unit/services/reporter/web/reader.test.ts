// How often the page's readings ask ClickHouse.
import { expect, test } from 'vitest';
import type { Filter } from '../../../../../services/reporter/figures/filter.js';
import { createReader } from '../../../../../services/reporter/web/reader.js';
import type { ClickHouse } from '../../../../../shared/runtime/clickhouse.js';

const filter: Filter = { project: 'acme', from: '2026-11-01', to: '2026-11-25' };

function setUp() {
  const state = { ledger: 'one', now: 0, failing: false, asked: [] as string[] };
  const clickhouse: ClickHouse = {
    connection: { url: '', database: 'tacit', user: '' },
    query: async <T>(sql: string) => {
      state.asked.push(sql);
      if (state.failing) throw new Error('gone');
      return (sql.includes('AS ledger') ? [{ ledger: state.ledger }] : []) as T[];
    },
    command: async () => undefined,
    insertBlock: async () => undefined,
    ping: async () => true,
    close: async () => undefined,
  };
  const read = createReader(clickhouse, () => state.now);
  const figuresRead = () => state.asked.filter((sql) => sql.includes('rate_intervals')).length;
  return { state, read, figuresRead };
}

test('readings of the same filter within a second are one', async () => {
  const { state, read } = setUp();
  const [first, second] = await Promise.all([read(filter), read(filter)]);
  expect(second).toBe(first);
  const asked = state.asked.length;
  state.now = 999;
  await read(filter);
  expect(state.asked.length).toBe(asked);
  state.now = 1000;
  await read(filter);
  expect(state.asked.length).toBeGreaterThan(asked);
});

test('another filter is another reading', async () => {
  const { read, figuresRead } = setUp();
  await read(filter);
  await read({ ...filter, prompt: 'x' });
  expect(figuresRead()).toBe(2);
});

test('figures are read again only when a day was rolled up; the rest each time', async () => {
  const { state, read, figuresRead } = setUp();
  await read(filter);
  state.now = 5000;
  await read(filter);
  expect(figuresRead()).toBe(1);
  expect(state.asked.filter((sql) => sql.includes('FROM drops')).length).toBe(2);
  state.ledger = 'two';
  state.now = 10_000;
  await read(filter);
  expect(figuresRead()).toBe(2);
});

test('a failure is told to all who wait for it, and to nobody after them', async () => {
  const { state, read } = setUp();
  state.failing = true;
  await Promise.all([expect(read(filter)).rejects.toThrow('gone'), expect(read(filter)).rejects.toThrow('gone')]);
  state.failing = false;
  await expect(read(filter)).resolves.toMatchObject({ cells: { total: 0 } });
});
