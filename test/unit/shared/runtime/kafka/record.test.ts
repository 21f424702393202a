// A block as a Kafka record and back; what is not one.
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { STREAM_TABLES } from '../../../../../shared/contract/rows.js';
import { decodeRecord, encodeRecord } from '../../../../../shared/runtime/kafka/record.js';
import { blockOf } from '../../../../support/event-rows.js';

const BODY = Buffer.from('{"a":1}\n{"a":2}\n');
const GOOD = { v: '1', table: 'events', n: '2', crc: String(crc32(BODY)) };

function decode(headers: Record<string, string | undefined>, value: Buffer | null = BODY) {
  const buffers = Object.entries(headers).flatMap(([key, text]) =>
    text === undefined ? [] : [[key, Buffer.from(text)]],
  );
  return decodeRecord('t', 3, { offset: '17', value, headers: Object.fromEntries(buffers) as Record<string, Buffer> });
}

test('the headers say version, table, rows and checksum as text', () => {
  expect(encodeRecord(blockOf(['{"a":1}', '{"a":2}']), 3)).toEqual({ partition: 3, value: BODY, headers: GOOD });
});

test('blocks of every table come back as they went', () => {
  for (const table of STREAM_TABLES) {
    const block = blockOf(['{"a":1}', '{"ü":2}'], table);
    const { value, headers } = encodeRecord(block, 0);
    expect(decode(headers, value)).toEqual({ ...block, position: 't:3:17' });
  }
});

test('what is no block of this version is unreadable, by its position and with its bytes', () => {
  const check = (headers: Record<string, string | undefined>, reason: string, value: Buffer | null = BODY) =>
    expect(decode(headers, value)).toMatchObject({ position: 't:3:17', reason, bytes: value ?? Buffer.alloc(0) });
  check({ ...GOOD, v: '2' }, 'unknown_version');
  check({ ...GOOD, v: undefined }, 'unknown_version');
  check({ ...GOOD, table: 'users' }, 'unknown_version');
  check({ ...GOOD, table: undefined }, 'unknown_version');
  check({ ...GOOD, crc: '1' }, 'bad_crc');
  check({ ...GOOD, crc: undefined }, 'bad_crc');
  check(GOOD, 'bad_crc', Buffer.from('{"a":1}\n{"a":3}\n'));
  check(GOOD, 'bad_crc', null);
});
