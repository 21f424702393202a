// Names of segments: their order, what is not one, and positions in them.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  comparePositions,
  failedSegmentFile,
  formatPosition,
  listSegments,
  newSegment,
  parsePosition,
  segmentSeq,
} from '../../../../../shared/runtime/disk-log/segment.js';
import { withLogFolder } from '../../../../support/disk-log.js';

test('segments are listed by sequence number, whatever their clock said, and other files are left out', async () => {
  await withLogFolder(async (folder) => {
    const names = ['90-2.seg', '100-1.seg', '80-10-512.err', '0-30.seg'];
    const others = ['cursor.json', 'x-1.seg', '5-5.seg.tmp', '5-5.err', '-1-5.seg', '7-7-.err', '1e3-4.seg'];
    for (const name of [...names, ...others]) await writeFile(path.join(folder, name), '');
    const listed = await listSegments(folder);
    expect(listed.map(({ id, seq, acknowledgedBytes }) => [id, seq, acknowledgedBytes])).toEqual([
      ['100-1', 1, undefined],
      ['90-2', 2, undefined],
      ['80-10', 10, 512],
      ['0-30', 30, undefined],
    ]);
  });
});

test('a segment keeps its id when writing failed in it', () => {
  const segment = newSegment('/log', 1234.7, 5);
  expect(segment).toMatchObject({ id: '1234-5', seq: 5, file: '/log/1234-5.seg' });
  expect(failedSegmentFile(segment, 99)).toBe('/log/1234-5-99.err');
});

test('a clock before the epoch still makes a name that is found again', () => {
  expect(segmentSeq(newSegment('/log', -5, 3).id)).toBe(3);
});

test('positions are ordered by sequence number, then offset', () => {
  const check = (a: [string, number], b: [string, number]) =>
    Math.sign(comparePositions({ segment: a[0], offset: a[1] }, { segment: b[0], offset: b[1] }));
  expect(check(['9-1', 5], ['9-1', 5])).toBe(0);
  expect(check(['9-1', 5], ['9-1', 6])).toBe(-1);
  expect(check(['9-10', 0], ['9-9', 7])).toBe(1);
  expect(formatPosition({ segment: '9-1', offset: 5 })).toBe('log:9-1:5');
});

test('what is no segment has no sequence number', () => {
  for (const id of ['', '1', '1-', '../1-2', '1-2.seg'])
    expect(() => segmentSeq(id)).toThrow('not the name of a segment');
});

test('a written position is read again, and nothing else is one', () => {
  const position = { segment: '1700000000000-12', offset: 40 };
  expect(parsePosition(formatPosition(position))).toEqual(position);
  for (const text of ['', 'log:1-1', 'tacit.events:0:17', 'log:1-1:2:3', 'log:x-1:2'])
    expect(parsePosition(text)).toBeUndefined();
});
