// The floor of the collector does the same work as the collector: its rows are the collector's, column by column.
import { expect, test } from 'vitest';
import { benchBatch } from '../../bench/batches.js';
import { rowBlocks } from '../../bench/blocks.js';
import { floorRows } from '../../bench/floor-rows.js';
import { startTestCollector } from '../../support/collector.js';

test('the floor makes the rows that the collector writes', async () => {
  const collector = await startTestCollector();
  try {
    for (const index of [0, 1, 2, 3, 4, 5]) {
      const batch = benchBatch({ index, events: 10, now: Date.now() });
      expect(await collector.send(batch)).toEqual({ accepted: 10, dropped: [] });
      const text = (collector.memory.appends.at(-1) ?? []).map(({ body }) => body.toString()).join('');
      const written = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const floor = floorRows(JSON.parse(JSON.stringify(batch)), Number(written[0]?.['received_at']));
      // What only the collector knows: the project of the key and the hash of the person.
      const known = { project_id: 'test', user_key: expect.any(String) as string };
      expect(written).toEqual(floor.map((row) => ({ ...row, ...known })));
    }
  } finally {
    await collector.close();
  }
});

test('signed batches are taken whole', async () => {
  const collector = await startTestCollector();
  try {
    const signingSecret = 'signing-secret-of-the-tests';
    const batch = benchBatch({ index: 7, events: 100, now: Date.now(), signingSecret });
    expect(await collector.send(batch)).toEqual({ accepted: 100, dropped: [] });
  } finally {
    await collector.close();
  }
});

test('different batches share no id, and one number always gives the same batch', () => {
  const now = Date.now();
  const ids = [0, 1, 2].flatMap((index) => benchBatch({ index, events: 100, now }).events.map(({ id }) => id));
  expect(new Set(ids).size).toBe(300);
  expect(benchBatch({ index: 1, events: 10, now })).toEqual(benchBatch({ index: 1, events: 10, now }));
});

test('blocks have as many lines as they say', () => {
  const blocks = rowBlocks(3, 50);
  expect(blocks.map(({ rows }) => rows)).toEqual([50, 50, 50]);
  for (const { body } of blocks) expect(body.toString().split('\n')).toHaveLength(51);
});
