// One block on disk: a fixed header and the NDJSON payload. Encodes and decodes; reads no file.
//
//   0 magic (4)   4 version (1)   5 table (1)   6 zero (2)   8 rows (4)   12 payload bytes (4)   16 seq (8)
//  24 appended at, ms (8)   32 CRC-32 of bytes 0-31 and the payload (4)   36 CRC-32 of bytes 0-35 (4)   40 payload
//
// Little-endian. The header has a checksum of its own, so that a length can be trusted before the payload is there: an
// unfinished frame is waited for, a damaged one is not. Every later version keeps these 40 bytes.
import { crc32 } from 'node:zlib';
import { STREAM_TABLES, type StreamTable } from '../../contract/rows.js';
import type { Block, UnreadableBlock } from '../stream.js';

export const FRAME_HEADER_BYTES = 40;
export const FRAME_VERSION = 1;
/** Largest payload of a frame. The rows of one batch (4 MiB) fit with room to spare. */
export const BLOCK_BYTES_MAX = 8 * 1024 * 1024;
/** Its outer bytes occur in no UTF-8 text, so that NDJSON never looks like the start of a frame. */
export const FRAME_MAGIC = Buffer.from([0xf5, 0x54, 0x4c, 0xff]);

const MAGIC_NUMBER = FRAME_MAGIC.readUInt32LE(0);
const PAYLOAD_CRC_AT = 32;
const HEADER_CRC_AT = 36;
const TWO_TO_32 = 2 ** 32;
/** Codes on disk; they never change. */
const TABLE_CODES: Record<StreamTable, number> = { events: 1, drops: 2, erasures: 3, dead_letters: 4 };
const TABLES_BY_CODE = new Map<number, StreamTable>(STREAM_TABLES.map((table) => [TABLE_CODES[table], table]));

export interface FrameHeader {
  readonly version: number;
  readonly tableCode: number;
  readonly rows: number;
  /** Of the payload. */
  readonly bytes: number;
  /** Grows from frame to frame within a log. */
  readonly seq: number;
  /** ms since the epoch. */
  readonly appendedAt: number;
  readonly crc: number;
}

export function encodeHeader(block: Block, seq: number, appendedAt: number): Buffer {
  const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES);
  header.writeUInt32LE(MAGIC_NUMBER, 0);
  header.writeUInt8(FRAME_VERSION, 4);
  header.writeUInt8(TABLE_CODES[block.table], 5);
  header.writeUInt16LE(0, 6);
  header.writeUInt32LE(block.rows, 8);
  header.writeUInt32LE(block.body.length, 12);
  writeUInt64(header, seq, 16);
  writeUInt64(header, appendedAt, 24);
  header.writeUInt32LE(crc32(block.body, crc32(header.subarray(0, PAYLOAD_CRC_AT))), PAYLOAD_CRC_AT);
  header.writeUInt32LE(crc32(header.subarray(0, HEADER_CRC_AT)), HEADER_CRC_AT);
  return header;
}

/** The header at `at`, or undefined when no intact one stands there. The buffer must hold all its bytes. */
export function decodeHeader(buffer: Buffer, at: number): FrameHeader | undefined {
  if (buffer.readUInt32LE(at) !== MAGIC_NUMBER) return undefined;
  if (crc32(buffer.subarray(at, at + HEADER_CRC_AT)) !== buffer.readUInt32LE(at + HEADER_CRC_AT)) return undefined;
  return {
    version: buffer.readUInt8(at + 4),
    tableCode: buffer.readUInt8(at + 5),
    rows: buffer.readUInt32LE(at + 8),
    bytes: buffer.readUInt32LE(at + 12),
    seq: readUInt64(buffer, at + 16),
    appendedAt: readUInt64(buffer, at + 24),
    crc: buffer.readUInt32LE(at + PAYLOAD_CRC_AT),
  };
}

/** Whether the whole frame at `at` is what was written. The buffer must hold all its bytes. */
export function isFrameIntact(buffer: Buffer, at: number, header: FrameHeader): boolean {
  const start = at + FRAME_HEADER_BYTES;
  const headerCrc = crc32(buffer.subarray(at, at + PAYLOAD_CRC_AT));
  return crc32(buffer.subarray(start, start + header.bytes), headerCrc) === header.crc;
}

export function frameTable(header: FrameHeader): StreamTable | undefined {
  return TABLES_BY_CODE.get(header.tableCode);
}

/** Why a frame whose header is intact cannot be delivered by this version, whatever its payload is. */
export function headerProblem(header: FrameHeader): Pick<UnreadableBlock, 'reason' | 'detail'> | undefined {
  const what = `seq ${header.seq}, ${header.rows} rows, ${header.bytes} bytes`;
  if (header.version !== FRAME_VERSION)
    return { reason: 'unknown_version', detail: `frame version ${header.version} (${what})` };
  if (frameTable(header) === undefined)
    return { reason: 'unknown_version', detail: `table code ${header.tableCode} (${what})` };
  if (header.bytes > BLOCK_BYTES_MAX)
    return { reason: 'too_large', detail: `more than ${BLOCK_BYTES_MAX} bytes (${what})` };
  return undefined;
}

function writeUInt64(buffer: Buffer, value: number, at: number): void {
  buffer.writeUInt32LE(value % TWO_TO_32, at);
  buffer.writeUInt32LE(Math.floor(value / TWO_TO_32), at + 4);
}

function readUInt64(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at + 4) * TWO_TO_32 + buffer.readUInt32LE(at);
}
