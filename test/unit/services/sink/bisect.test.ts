// Bisection finds exactly the rows that are refused by themselves.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bisect } from '../../../../services/sink/bisect.js';

interface Table {
  readonly stored: Set<number>;
  probes: number;
}

/** A table that refuses every insert with a bad row in it, whole, and names the row it met first. */
function tableRefusing(bad: ReadonlySet<number>): {
  table: Table;
  probe: (rows: readonly number[]) => Promise<string | undefined>;
} {
  const table: Table = { stored: new Set(), probes: 0 };
  const probe = async (rows: readonly number[]) => {
    table.probes += 1;
    const found = rows.find((row) => bad.has(row));
    if (found !== undefined) return `row ${found}`;
    for (const row of rows) table.stored.add(row);
    return undefined;
  };
  return { table, probe };
}

test('exactly the bad rows are found and all others are stored, for any subset', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 200 }), async (flags) => {
      const rows = flags.map((_, i) => i);
      const bad = new Set(rows.filter((i) => flags[i]));
      const { table, probe } = tableRefusing(bad);
      const rejected = await bisect(rows, probe);
      expect(rejected).toEqual([...bad].map((row) => ({ row, reason: `row ${row}` })));
      // A part known to hold a bad row is not tried as a whole: when its bad row is good by now, its halves are stored anyway.
      expect([...table.stored].sort((a, b) => a - b)).toEqual(rows.filter((i) => !bad.has(i)));
    }),
  );
});

test('one bad row of n costs about log2(n) probes', async () => {
  for (const n of [1, 2, 1000, 20_000]) {
    for (const at of [0, n >> 1, n - 1]) {
      const { table, probe } = tableRefusing(new Set([at]));
      const rejected = await bisect(
        Array.from({ length: n }, (_, i) => i),
        probe,
      );
      expect(rejected.map(({ row }) => row)).toEqual([at]);
      expect(table.probes).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(n)) + 1);
    }
  }
});

test('rows that are taken at the second try are not blamed', async () => {
  const stored = new Set<number>();
  const rejected = await bisect([1, 2, 3, 4, 5], async (rows) => {
    for (const row of rows) stored.add(row);
    return undefined;
  });
  expect(rejected).toEqual([]);
  expect([...stored].sort()).toEqual([1, 2, 3, 4, 5]);
});

test('rows that are only refused together are stored one by one', async () => {
  const stored = new Set<number>();
  const rejected = await bisect([1, 2, 3, 4], async (rows) => {
    if (rows.length > 1) return 'too many at once';
    for (const row of rows) stored.add(row);
    return undefined;
  });
  expect(rejected).toEqual([]);
  expect(stored.size).toBe(4);
});

test('a probe that fails ends the search with its error', async () => {
  await expect(bisect([1, 2], () => Promise.reject(new Error('stopped')))).rejects.toThrow('stopped');
});
