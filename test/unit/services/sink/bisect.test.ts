// Bisection finds exactly the rows that are refused by themselves.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bisect } from '../../../../services/sink/bisect.js';

interface Reason {
  readonly row: number;
  readonly index?: number;
}

type Hint = (rows: readonly number[], index: number) => number | undefined;
const noHint: Hint = () => undefined;
const trueHint: Hint = (_, index) => index;

/** A table that refuses every insert with a bad row in it, whole, and names the row it met first as `hint` has it. */
function tableRefusing(bad: ReadonlySet<number>, hint: Hint) {
  const table = { stored: new Set<number>(), probes: 0 };
  const probe = async (rows: readonly number[]): Promise<Reason | undefined> => {
    table.probes += 1;
    const index = rows.findIndex((row) => bad.has(row));
    if (index === -1) {
      for (const row of rows) table.stored.add(row);
      return undefined;
    }
    const named = hint(rows, index);
    return { row: rows[index] ?? -1, ...(named === undefined ? {} : { index: named }) };
  };
  return { table, probe };
}

/** As the sink does: the whole is tried first, and searched when it was refused. */
async function rejectedRows(
  rows: readonly number[],
  probe: (rows: readonly number[]) => Promise<Reason | undefined>,
): Promise<number[]> {
  const refusal = await probe(rows);
  return refusal === undefined ? [] : (await bisect(rows, refusal, probe)).map(({ row }) => row);
}

test.each<[string, Hint]>([
  ['without hints', noHint],
  ['with true hints', trueHint],
  ['with hints that name the first row', () => 0],
  ['with hints that name the last row', (rows) => rows.length - 1],
  ['with hints beyond the rows', (rows) => rows.length],
  ['with hints that are no index', () => -1],
])('exactly the bad rows are found and all others are stored, for any subset, %s', async (_, hint) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 200 }), async (flags) => {
      const rows = flags.map((_flag, i) => i);
      const bad = rows.filter((i) => flags[i]);
      const { table, probe } = tableRefusing(new Set(bad), hint);
      expect(await rejectedRows(rows, probe)).toEqual(bad);
      expect([...table.stored].sort((a, b) => a - b)).toEqual(rows.filter((i) => !flags[i]));
    }),
  );
});

test('one bad row of n costs few probes with hints, and about 2 log2(n) without', async () => {
  for (const n of [1, 2, 1000, 20_000]) {
    const rows = Array.from({ length: n }, (_, i) => i);
    for (const at of [0, n >> 1, n - 1]) {
      const blind = tableRefusing(new Set([at]), noHint);
      expect(await rejectedRows(rows, blind.probe)).toEqual([at]);
      expect(blind.table.probes).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(n)) + 6);
      const told = tableRefusing(new Set([at]), trueHint);
      expect(await rejectedRows(rows, told.probe)).toEqual([at]);
      expect(told.table.probes).toBeLessThanOrEqual(8);
    }
  }
});

test.each([1, 2, 7, 100])(
  'bad rows one in %i cost two probes each with true hints, and send a bounded multiple',
  async (gap) => {
    const rows = Array.from({ length: 5000 }, (_, i) => i);
    const bad = rows.filter((i) => i % gap === 0);
    const { table, probe } = tableRefusing(new Set(bad), trueHint);
    let sent = 0;
    const rejected = await rejectedRows(rows, async (part) => {
      sent += part.length;
      return await probe(part);
    });
    expect(rejected).toEqual(bad);
    expect(table.probes).toBeLessThanOrEqual(2 * bad.length + 8);
    expect(sent).toBeLessThanOrEqual(12 * rows.length);
  },
);

test('a single row is tried once more by itself, and not blamed when it is taken', async () => {
  const reason: Reason = { row: 1 };
  expect(await bisect([1], reason, async () => undefined)).toEqual([]);
  expect(await bisect([1], reason, async () => reason)).toEqual([{ row: 1, reason }]);
});

test('rows that are only refused together are stored one by one', async () => {
  const stored = new Set<number>();
  const rejected = await rejectedRows([1, 2, 3, 4], async (rows) => {
    if (rows.length > 1) return { row: 0, index: 1 };
    for (const row of rows) stored.add(row);
    return undefined;
  });
  expect(rejected).toEqual([]);
  expect(stored.size).toBe(4);
});

test('a probe that fails ends the search with its error', async () => {
  await expect(bisect([1, 2], {}, () => Promise.reject(new Error('stopped')))).rejects.toThrow('stopped');
});
