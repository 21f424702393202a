// Reading frames out of a file that ends too early, was changed, or holds what looks like a frame.
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FRAME_HEADER_BYTES, FRAME_MAGIC, encodeHeader } from '../../../../../shared/runtime/disk-log/frame.js';
import { scanSegment, type Scan } from '../../../../../shared/runtime/disk-log/scan.js';
import { blockOf, idsIn, withLogFolder } from '../../../../support/disk-log.js';

function frame(id: number, body = blockOf([id]).body): Buffer {
  return Buffer.concat([encodeHeader({ table: 'events', rows: 1, body }, id, 1), body]);
}

const one = frame(1);
const two = frame(2);
const three = frame(3);

interface Step {
  readonly kind: Scan['kind'];
  readonly from: number;
  readonly to?: number;
  readonly ids?: (string | number)[];
  readonly reason?: string;
}

let folder: string;

beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'tacit-scan-'))));
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** Everything a scan from 0 on finds in `content`, until it can go no further. */
async function scanAll(content: Buffer, { sealed = true, maxBytes = 1 } = {}): Promise<Step[]> {
  const file = path.join(folder, 'content');
  await writeFile(file, content);
  const handle = await open(file, 'r');
  try {
    const steps: Step[] = [];
    for (let offset = 0; ;) {
      const scan = await scanSegment(handle, { offset, end: content.length, maxBytes, sealed });
      if (scan.kind === 'end') return steps;
      if (scan.kind === 'incomplete') return [...steps, { kind: 'incomplete', from: offset }];
      if (scan.kind === 'frames')
        steps.push({ kind: 'frames', from: offset, to: scan.end, ids: scan.frames.flatMap((f) => idsIn(f.body)) });
      else steps.push({ kind: 'damage', from: offset, to: scan.end, reason: scan.reason });
      offset = scan.end;
    }
  } finally {
    await handle.close();
  }
}

const ids = (steps: readonly Step[]) => steps.flatMap((step) => step.ids ?? []);
const damages = (steps: readonly Step[]) => steps.filter((step) => step.kind === 'damage');

test('frames are read as many at once as fit, and one in any case', async () => {
  const content = Buffer.concat([one, two, three]);
  expect(await scanAll(content, { maxBytes: 1 })).toHaveLength(3);
  expect(await scanAll(content, { maxBytes: one.length + two.length })).toHaveLength(2);
  expect(await scanAll(content, { maxBytes: one.length + two.length - 1 })).toHaveLength(3);
  expect(await scanAll(content, { maxBytes: 1e6 })).toEqual([
    { kind: 'frames', from: 0, to: content.length, ids: [1, 2, 3] },
  ]);
});

describe('a frame that ends too early, at each of its bytes', () => {
  const cuts = Array.from({ length: two.length - 1 }, (_, i) => i + 1);

  test('is waited for while the segment may grow', async () => {
    for (const cut of cuts) {
      const steps = await scanAll(Buffer.concat([one, two.subarray(0, cut)]), { sealed: false });
      expect(steps.at(-1), `cut at ${cut}`).toEqual({ kind: 'incomplete', from: one.length });
      expect(ids(steps)).toEqual([1]);
    }
  });

  test('is damage once the segment cannot grow any more', async () => {
    for (const cut of cuts) {
      const steps = await scanAll(Buffer.concat([one, two.subarray(0, cut)]));
      expect(steps.at(-1), `cut at ${cut}`).toMatchObject({ kind: 'damage', from: one.length, to: one.length + cut });
      expect(ids(steps)).toEqual([1]);
    }
  });

  test('costs only itself when whole frames stand behind it', async () => {
    for (const cut of cuts) {
      const steps = await scanAll(Buffer.concat([one, two.subarray(0, cut), three]));
      expect(ids(steps), `cut at ${cut}`).toEqual([1, 3]);
      expect(damages(steps)).toMatchObject([{ from: one.length, to: one.length + cut, reason: 'bad_crc' }]);
    }
  });
});

test('a flipped bit anywhere in a frame costs exactly that frame', async () => {
  const content = Buffer.concat([one, two, three]);
  for (const sealed of [true, false]) {
    for (let bit = one.length * 8; bit < (one.length + two.length) * 8; bit += 1) {
      const changed = Buffer.from(content);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const steps = await scanAll(changed, { sealed });
      expect(ids(steps), `bit ${bit}`).toEqual([1, 3]);
      expect(damages(steps)).toMatchObject([{ from: one.length, to: one.length + two.length, reason: 'bad_crc' }]);
    }
  }
});

test('damage at the end of a segment that may grow is marked open, and in a sealed one it is not', async () => {
  await withLogFolder(async (folder) => {
    const file = path.join(folder, 'content');
    const content = Buffer.concat([one, Buffer.alloc(100)]);
    await writeFile(file, content);
    const handle = await open(file, 'r');
    const range = { offset: one.length, end: content.length, maxBytes: 1e6 };
    expect(await scanSegment(handle, { ...range, sealed: false })).toMatchObject({ kind: 'damage', open: true });
    expect(await scanSegment(handle, { ...range, sealed: true })).toMatchObject({ kind: 'damage', open: false });
    await handle.close();
  });
});

describe('what looks like a frame in a payload is not taken for one', () => {
  const bodies: [string, Buffer][] = [
    ['the magic', FRAME_MAGIC],
    ['the magic again and again', Buffer.concat(Array.from({ length: 50 }, () => FRAME_MAGIC))],
    ['an intact header without its payload', encodeHeader(blockOf([9]), 9, 1)],
  ];
  test.each(bodies)('%s, in an intact frame', async (_, body) => {
    expect(await scanAll(Buffer.concat([one, frame(2, body)]), { maxBytes: 1 })).toHaveLength(2);
  });

  test.each(bodies)('%s, in a frame with a damaged header', async (_, inside) => {
    const damaged = frame(2, Buffer.concat([inside, Buffer.from('\n')]));
    damaged.writeUInt8(0, 12);
    const steps = await scanAll(Buffer.concat([one, damaged, three]));
    expect(ids(steps)).toEqual([1, 3]);
    expect(damages(steps)).toMatchObject([{ from: one.length, to: one.length + damaged.length }]);
  });

  test('a whole frame, in a frame whose payload is damaged but whose header is not', async () => {
    const damaged = frame(2, Buffer.concat([frame(9), Buffer.from('tail\n')]));
    damaged.write('T', damaged.length - 5);
    const steps = await scanAll(Buffer.concat([one, damaged, three]));
    expect(ids(steps)).toEqual([1, 3]);
  });
});

test('the next frame is found across the border of two reading windows', async () => {
  const window = 1024 * 1024;
  for (const shift of [-4, -3, -2, -1, 0, 1]) {
    // The search begins one byte behind the start of the damage.
    const garbage = Buffer.alloc(window + 1 + shift, 0x61);
    const steps = await scanAll(Buffer.concat([garbage, three]));
    expect(ids(steps), `shift ${shift}`).toEqual([3]);
    expect(damages(steps)).toMatchObject([{ from: 0, to: garbage.length }]);
  }
});

test('a frame of a later version is passed over as a whole, and named', async () => {
  const later = Buffer.from(two);
  later.writeUInt8(2, 4);
  later.writeUInt32LE(crc32(later.subarray(0, 36)), 36);
  const steps = await scanAll(Buffer.concat([one, later, three]));
  expect(ids(steps)).toEqual([1, 3]);
  expect(damages(steps)).toEqual([
    { kind: 'damage', from: one.length, to: one.length + later.length, reason: 'unknown_version' },
  ]);
});

test('a frame larger than the limit is passed over as a whole, and named', async () => {
  const body = Buffer.alloc(8 * 1024 * 1024 + 1, 0x20);
  const large = frame(2, body);
  const steps = await scanAll(Buffer.concat([one, large, three]));
  expect(ids(steps)).toEqual([1, 3]);
  expect(damages(steps)).toMatchObject([{ to: one.length + FRAME_HEADER_BYTES + body.length, reason: 'too_large' }]);
});

test('a hole in the middle costs the frames it touches and no other', async () => {
  const content = Buffer.concat([one, two, three, frame(4)]);
  const holed = Buffer.concat([content.subarray(0, one.length + 20), content.subarray(one.length + two.length + 10)]);
  expect(ids(await scanAll(holed))).toEqual([1, 4]);
});

test('a file that is cut while it is read ends where it ends now', async () => {
  await withLogFolder(async (folder) => {
    const file = path.join(folder, 'content');
    await writeFile(file, one);
    const handle = await open(file, 'r');
    const range = { end: one.length + 1000, maxBytes: 1e6, sealed: false };
    expect(await scanSegment(handle, { ...range, offset: 0 })).toMatchObject({ kind: 'frames', end: one.length });
    expect(await scanSegment(handle, { ...range, offset: one.length })).toEqual({ kind: 'end' });
    expect(await scanSegment(handle, { ...range, offset: one.length + 500 })).toEqual({ kind: 'end' });
    await handle.close();
  });
});
