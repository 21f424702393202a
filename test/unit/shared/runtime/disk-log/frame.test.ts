// The frame on disk: what is encoded is decoded, and no changed bit goes unseen.
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STREAM_TABLES } from '../../../../../shared/contract/rows.js';
import {
  BLOCK_BYTES_MAX,
  FRAME_HEADER_BYTES,
  FRAME_MAGIC,
  decodeHeader,
  encodeHeader,
  frameTable,
  headerProblem,
  isFrameIntact,
} from '../../../../../shared/runtime/disk-log/frame.js';
import type { Block } from '../../../../../shared/runtime/stream.js';

const block: Block = { table: 'events', rows: 2, body: Buffer.from('{"a":1}\n{"a":2}\n') };

function frameOf(one: Block, seq = 7, appendedAt = 1_767_225_600_000): Buffer {
  return Buffer.concat([encodeHeader(one, seq, appendedAt), one.body]);
}

/** Sets a byte of the header and makes its checksum right again, as another version would. */
function withHeaderByte(at: number, value: number): Buffer {
  const frame = frameOf(block);
  frame.writeUInt8(value, at);
  frame.writeUInt32LE(crc32(frame.subarray(0, 36)), 36);
  return frame;
}

test('any block comes back from its frame', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...STREAM_TABLES),
      fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.maxSafeNat(),
      fc.maxSafeNat(),
      fc.nat(50),
      (table, rows, bytes, seq, appendedAt, before) => {
        const frame = frameOf({ table, rows, body: Buffer.from(bytes) }, seq, appendedAt);
        const buffer = Buffer.concat([Buffer.alloc(before, 0xf5), frame]);
        const header = decodeHeader(buffer, before);
        expect(header).toMatchObject({ version: 1, rows, bytes: bytes.length, seq, appendedAt });
        if (header === undefined) return;
        expect(frameTable(header)).toBe(table);
        expect(headerProblem(header)).toBeUndefined();
        expect(isFrameIntact(buffer, before, header)).toBe(true);
      },
    ),
  );
});

test('the bytes on disk are those of version 1', () => {
  expect(frameOf(block).toString('hex')).toBe(
    'f5544cff010100000200000010000000070000000000000000a8da769b010000' +
      `${hexLE(crc32(Buffer.concat([frameOf(block).subarray(0, 32), block.body])))}` +
      `${hexLE(crc32(frameOf(block).subarray(0, 36)))}7b2261223a317d0a7b2261223a327d0a`,
  );
});

function hexLE(value: number): string {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer.toString('hex');
}

test('every flipped bit of the header is seen by its own checksum', () => {
  for (let bit = 0; bit < FRAME_HEADER_BYTES * 8; bit += 1) {
    const frame = frameOf(block);
    frame.writeUInt8(frame.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(decodeHeader(frame, 0), `bit ${bit}`).toBeUndefined();
  }
});

test('every flipped bit of the payload is seen by the checksum of the frame', () => {
  const whole = frameOf(block);
  for (let bit = FRAME_HEADER_BYTES * 8; bit < whole.length * 8; bit += 1) {
    const frame = Buffer.from(whole);
    frame.writeUInt8(frame.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    const header = decodeHeader(frame, 0);
    expect(header !== undefined && isFrameIntact(frame, 0, header), `bit ${bit}`).toBe(false);
  }
});

test('a payload under the header of another frame is seen', () => {
  const frame = Buffer.concat([encodeHeader(block, 8, 1), frameOf(block).subarray(FRAME_HEADER_BYTES)]);
  const header = decodeHeader(frame, 0);
  expect(header !== undefined && isFrameIntact(frame, 0, header)).toBe(true);
  const mixed = Buffer.concat([encodeHeader({ ...block, body: Buffer.from('{"b":1}\n{"a":2}\n') }, 8, 1), block.body]);
  const mixedHeader = decodeHeader(mixed, 0);
  expect(mixedHeader !== undefined && isFrameIntact(mixed, 0, mixedHeader)).toBe(false);
});

test('the magic is no part of any UTF-8 text', () => {
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(FRAME_MAGIC)).toThrow();
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(FRAME_MAGIC.subarray(0, 1))).toThrow();
});

describe('an intact header that this version cannot follow', () => {
  test.each([
    ['a later version', 4, 2, 'unknown_version'],
    ['a table it does not know', 5, 9, 'unknown_version'],
  ])('%s', (_, at, value, reason) => {
    const header = decodeHeader(withHeaderByte(at, value), 0);
    expect(header === undefined ? undefined : headerProblem(header)?.reason).toBe(reason);
  });

  test('a payload at the limit is taken, one byte more is too large', () => {
    const check = (bytes: number) => {
      const header = { version: 1, tableCode: 1, rows: 1, bytes, seq: 1, appendedAt: 1, crc: 0 };
      return headerProblem(header)?.reason;
    };
    expect(check(BLOCK_BYTES_MAX)).toBeUndefined();
    expect(check(BLOCK_BYTES_MAX + 1)).toBe('too_large');
  });
});
