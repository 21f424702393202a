// Group commit: what collects while a group is written goes into the next one, in order and whole.
import { expect, test } from 'vitest';
import { GroupCommit } from '../../../../../shared/runtime/disk-log/group-commit.js';

/** A group commit whose groups wait for `release`, and the groups it was given. */
function gated(groupBytesMax: number) {
  const groups: string[][] = [];
  const gates: ((error?: Error) => void)[] = [];
  const commit = async (items: readonly string[]) => {
    groups.push([...items]);
    await new Promise<void>((resolve, reject) => gates.push((error) => (error ? reject(error) : resolve())));
  };
  const release = async (error?: Error) => {
    gates.shift()?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { group: new GroupCommit({ commit, groupBytesMax }), groups, release };
}

test('items of one turn form a group, and those that come meanwhile the next one', async () => {
  const { group, groups, release } = gated(100);
  const settled: string[] = [];
  const add = (item: string) => void group.add(item, 1).then(() => settled.push(item));
  add('a');
  add('b');
  await new Promise((resolve) => setImmediate(resolve));
  add('c');
  add('d');
  expect(groups).toEqual([['a', 'b']]);
  expect(settled).toEqual([]);
  expect(group.pendingBytes).toBe(4);
  await release();
  expect(settled).toEqual(['a', 'b']);
  expect(groups).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  await release();
  await group.drained();
  expect(settled).toEqual(['a', 'b', 'c', 'd']);
  expect(group.pendingBytes).toBe(0);
});

test('a group takes no more than its bytes, and a larger item is one of its own', async () => {
  const { group, groups, release } = gated(10);
  for (const [item, bytes] of [['a', 6] as const, ['b', 4] as const, ['c', 1] as const, ['large', 11] as const])
    void group.add(item, bytes);
  for (let i = 0; i < 3; i += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    await release();
  }
  await group.drained();
  expect(groups).toEqual([['a', 'b'], ['c'], ['large']]);
});

test('a group that fails rejects each of its items and none of the next', async () => {
  const { group, release } = gated(2);
  const results = Promise.allSettled([group.add('a', 1), group.add('b', 1), group.add('c', 1)]);
  await new Promise((resolve) => setImmediate(resolve));
  await release(new Error('disk'));
  await release();
  expect((await results).map((result) => result.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(group.pendingBytes).toBe(0);
});
