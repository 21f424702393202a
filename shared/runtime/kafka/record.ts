// One block as a Kafka record and back. Pure. The value is the block's NDJSON; headers, as text, say what it is:
// `v` (1), `table`, `n` (rows), `crc` (CRC-32 of the value, decimal). kafkajs checks no checksum of what it fetches: this does.
import { crc32 } from 'node:zlib';
import { STREAM_TABLES, type StreamTable } from '../../contract/rows.js';
import type { Block, DeliveredBlock, UnreadableBlock } from '../stream.js';

export const RECORD_VERSION = '1';

/** A record to send. */
export interface OutgoingRecord {
  readonly partition: number;
  readonly value: Buffer;
  readonly headers: Record<'v' | 'table' | 'n' | 'crc', string>;
}

type HeaderValue = Buffer | string | (Buffer | string)[] | undefined;

/** A record as fetched. */
export interface IncomingRecord {
  readonly offset: string;
  readonly value: Buffer | null;
  readonly headers?: Record<string, HeaderValue>;
}

/** What a record takes in a request besides its value, bytes; rounded up. */
export const RECORD_OVERHEAD_BYTES = 128;

export function encodeRecord({ table, rows, body }: Block, partition: number): OutgoingRecord {
  const headers = { v: RECORD_VERSION, table, n: String(rows), crc: String(crc32(body)) };
  return { partition, value: body, headers };
}

export function decodeRecord(
  topic: string,
  partition: number,
  record: IncomingRecord,
): DeliveredBlock | UnreadableBlock {
  const position = `${topic}:${partition}:${record.offset}`;
  const body = record.value ?? Buffer.alloc(0);
  const unreadable = (reason: UnreadableBlock['reason'], detail: string): UnreadableBlock => {
    return { position, reason, detail, bytes: body };
  };
  const v = header(record, 'v');
  if (v !== RECORD_VERSION) return unreadable('unknown_version', v === undefined ? 'no version' : 'another version');
  const table = STREAM_TABLES.find((name) => name === header(record, 'table'));
  if (table === undefined) return unreadable('unknown_version', 'no known table');
  if (String(crc32(body)) !== header(record, 'crc')) return unreadable('bad_crc', `${body.length} bytes`);
  return { position, table: table satisfies StreamTable, rows: Number(header(record, 'n') ?? 0), body };
}

function header({ headers }: IncomingRecord, name: string): string | undefined {
  const value = headers?.[name];
  return Array.isArray(value) ? undefined : value?.toString('latin1');
}
