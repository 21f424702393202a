// How often readings of pages ask ClickHouse.
import { expect, test } from 'vitest';
import { createKept } from '../../../../../services/reporter/web/kept.js';
import type { ClickHouse } from '../../../../../shared/runtime/clickhouse.js';

function setUp() {
  const state = { days: 'one', windows: 'one', looks: 'one', now: 0, failing: false, marks: 0, reads: 0 };
  const clickhouse: ClickHouse = {
    connection: { url: '', database: 'tacit', user: '' },
    query: async <T>() => {
      state.marks++;
      if (state.failing) throw new Error('gone');
      return [{ days: state.days, windows: state.windows, mark: state.looks }] as T[];
    },
    command: async () => undefined,
    insertBlock: async () => undefined,
    ping: async () => true,
    close: async () => undefined,
  };
  const kept = createKept(clickhouse, () => state.now);
  const load = async () => {
    if (state.failing) throw new Error('gone');
    return ++state.reads;
  };
  return { state, kept, load };
}

test('a reading is shared until its time is over, and not an instant longer', async () => {
  const { state, kept, load } = setUp();
  expect(await Promise.all([kept.during(1000, 'a', load), kept.during(1000, 'a', load)])).toEqual([1, 1]);
  state.now = 999;
  expect(await kept.during(1000, 'a', load)).toBe(1);
  state.now = 1000;
  expect(await kept.during(1000, 'a', load)).toBe(2);
});

test('another key is another reading', async () => {
  const { kept, load } = setUp();
  expect(await kept.untilRollup('p', 'a', load)).toBe(1);
  expect(await kept.untilRollup('p', 'b', load)).toBe(2);
  expect(await kept.untilLook('p', 'a', load)).toBe(3);
});

test.each(['days', 'windows'] as const)('figures are read again only when %s changed', async (what) => {
  const { state, kept, load } = setUp();
  await kept.untilRollup('p', 'a', load);
  state.now = 5000;
  expect(await kept.untilRollup('p', 'a', load)).toBe(1);
  state[what] = 'two';
  state.now = 10_000;
  expect(await kept.untilRollup('p', 'a', load)).toBe(2);
  expect(state.marks).toBe(3);
});

test('what looks say is read again only after a look', async () => {
  const { state, kept, load } = setUp();
  await kept.untilLook('p', 'a', load);
  state.days = 'two';
  state.now = 5000;
  expect(await kept.untilLook('p', 'a', load)).toBe(1);
  state.looks = 'two';
  state.now = 10_000;
  expect(await kept.untilLook('p', 'a', load)).toBe(2);
});

test('the mark of a project is asked for once a second, however many pages are open', async () => {
  const { state, kept, load } = setUp();
  await Promise.all(['a', 'b', 'c'].map(async (key) => await kept.untilRollup('p', key, load)));
  state.now = 999;
  await kept.untilRollup('p', 'd', load);
  expect(state.marks).toBe(1);
  await kept.untilRollup('q', 'a', load);
  expect(state.marks).toBe(2);
});

test('a failure is told to all who wait for it, and to nobody after them', async () => {
  const { state, kept, load } = setUp();
  state.failing = true;
  const both = [kept.untilRollup('p', 'a', load), kept.untilRollup('p', 'a', load)];
  await Promise.all(both.map(async (each) => await expect(each).rejects.toThrow('gone')));
  state.failing = false;
  expect(await kept.untilRollup('p', 'a', load)).toBe(1);
});

test('at most 500 readings are kept, the oldest goes', async () => {
  const { kept, load } = setUp();
  for (let n = 0; n < 500; n++) await kept.during(1000, String(n), load);
  expect(await kept.during(1000, '0', load)).toBe(1);
  await kept.during(1000, '500', load);
  expect(await kept.during(1000, '1', load)).toBe(2);
  expect(await kept.during(1000, '0', load)).toBe(502);
});
