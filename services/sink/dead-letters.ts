// Puts aside what can never be stored. In: a rejected line or an unreadable block, with its reason. Out: rows of `dead_letters`,
// acknowledged by ClickHouse. Must never lose one, nor repeat a value of a row in its detail.
import type { DeadLetterReason, DeadLetterRow, StreamTable } from '../../shared/contract/rows.js';
import type { Clock } from '../../shared/runtime/clock.js';
import type { UnreadableBlock } from '../../shared/runtime/stream.js';
import type { Refusal } from './data-codes.js';
import type { Insert } from './insert.js';
import { DEAD_LETTERS_PER_INSERT_MAX, DEAD_ROW_BYTES_MAX } from './limits.js';
import type { Line } from './lines.js';
import type { Waiting } from './waiting.js';

/** Target of an unreadable block, whose header cannot be believed. */
const TARGET_OF_UNREADABLE: StreamTable = 'events';

/** A dead letter before its times are known. `row` is the bytes as they were, without the newline. */
export interface DeadLetter {
  readonly projectId: string;
  readonly position: string;
  readonly target: StreamTable;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly row: Buffer;
}

export function deadLine(line: Line, refusal: Refusal): DeadLetter {
  const text = line.bytes.subarray(0, -1);
  const { isObject, projectId } = readEnvelope(text);
  return bounded({
    projectId,
    position: `${line.block.position}:${line.number}`,
    target: line.block.table,
    reason: isObject ? 'rejected_row' : 'unparsable_row',
    detail: refusal.detail,
    row: text,
  });
}

/** Line 0 stands for the whole block. */
export function deadBlock({ position, reason, detail, bytes }: UnreadableBlock): DeadLetter {
  return bounded({
    projectId: '',
    position: `${position}:0`,
    target: TARGET_OF_UNREADABLE,
    reason,
    detail,
    row: bytes,
  });
}

/** Stores dead letters for good. A refusal here is weather: there is no second place to put them. */
export async function storeDeadLetters(
  letters: readonly DeadLetter[],
  { insert, waiting, clock }: { insert: Insert; waiting: Waiting; clock: Clock },
): Promise<void> {
  for (let at = 0; at < letters.length; at += DEAD_LETTERS_PER_INSERT_MAX) {
    const part = letters.slice(at, at + DEAD_LETTERS_PER_INSERT_MAX);
    const now = clock.now();
    const rows = {
      table: 'dead_letters',
      chunks: part.map((letter) => encodeDeadLetter(letter, now)),
      count: part.length,
    } as const;
    while ((await insert(rows)) !== undefined) await waiting.pause('dead_letters');
    waiting.over('dead_letters');
  }
}

/** One NDJSON line. The row's bytes go in as they are, valid UTF-8 or not: ClickHouse keeps the bytes of a string. */
export function encodeDeadLetter(letter: DeadLetter, now: number): Buffer {
  const fields: Omit<DeadLetterRow, 'row'> = {
    project_id: letter.projectId,
    position: letter.position,
    target: letter.target,
    reason: letter.reason,
    detail: letter.detail,
    first_seen: now,
    last_seen: now,
  };
  const head = JSON.stringify(fields).slice(0, -1);
  return Buffer.concat([Buffer.from(`${head},"row":"`), escapeBytes(letter.row), Buffer.from('"}\n')]);
}

function bounded(letter: DeadLetter): DeadLetter {
  const { length } = letter.row;
  if (length <= DEAD_ROW_BYTES_MAX) return letter;
  return {
    ...letter,
    row: letter.row.subarray(0, DEAD_ROW_BYTES_MAX),
    detail: `${letter.detail}; the first ${DEAD_ROW_BYTES_MAX} of ${length} bytes are kept`,
  };
}

/** What can be told of a row that ClickHouse refuses. */
function readEnvelope(text: Buffer): { isObject: boolean; projectId: string } {
  try {
    const value: unknown = JSON.parse(text.toString('utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { isObject: false, projectId: '' };
    const project = 'project_id' in value ? value.project_id : undefined;
    return { isObject: true, projectId: typeof project === 'string' ? project.toWellFormed().slice(0, 200) : '' };
  } catch {
    return { isObject: false, projectId: '' };
  }
}

/** The inside of a JSON string that stands for exactly these bytes. */
function escapeBytes(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let plainFrom = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte >= 0x20 && byte !== 0x22 && byte !== 0x5c) continue;
    parts.push(bytes.subarray(plainFrom, i), Buffer.from(`\\u00${byte.toString(16).padStart(2, '0')}`));
    plainFrom = i + 1;
  }
  parts.push(bytes.subarray(plainFrom));
  return Buffer.concat(parts);
}
