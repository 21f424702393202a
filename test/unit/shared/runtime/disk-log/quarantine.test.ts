// Damaged bytes are kept, each range in a file of its own, within a bound.
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Quarantine } from '../../../../../shared/runtime/disk-log/quarantine.js';
import { withLogFolder } from '../../../../support/disk-log.js';

test('a range is kept under the name of its place', async () => {
  await withLogFolder(async (directory) => {
    expect(await new Quarantine(directory).keep({ segment: '9-1', offset: 40 }, Buffer.from('bad'))).toBe(true);
    expect(await readFile(path.join(directory, 'quarantine', '9-1-40.bad'), 'utf8')).toBe('bad');
  });
});

test('the last byte of the bound is kept, one more is not, and what is there counts after a restart', async () => {
  await withLogFolder(async (directory) => {
    const first = new Quarantine(directory, 10);
    expect(await first.keep({ segment: '9-1', offset: 0 }, Buffer.alloc(6))).toBe(true);
    const second = new Quarantine(directory, 10);
    expect(await second.keep({ segment: '9-1', offset: 6 }, Buffer.alloc(5))).toBe(false);
    expect(await second.keep({ segment: '9-1', offset: 6 }, Buffer.alloc(4))).toBe(true);
    expect(await second.keep({ segment: '9-1', offset: 10 }, Buffer.alloc(1))).toBe(false);
    expect(await readdir(path.join(directory, 'quarantine'))).toEqual(['9-1-0.bad', '9-1-6.bad']);
  });
});

test('the same range again takes no further room', async () => {
  await withLogFolder(async (directory) => {
    const quarantine = new Quarantine(directory, 10);
    for (let i = 0; i < 5; i += 1)
      expect(await quarantine.keep({ segment: '9-1', offset: 0 }, Buffer.alloc(9))).toBe(true);
  });
});
