// Puts blocks into requests, cuts a block that Kafka refused into smaller ones, and says in a dead letter what became of a row. Pure.
// A dead letter carries no bytes: Kafka just refused them.
import type { DeadLetterReason, DeadLetterRow, StreamTable } from '../../shared/contract/rows.js';
import { RECORD_OVERHEAD_BYTES } from '../../shared/runtime/kafka/record.js';
import {
  isUnreadable,
  type Block,
  type DeliveredBlock,
  type StreamBatch,
  type UnreadableBlock,
} from '../../shared/runtime/stream.js';

/** One request. A larger block goes alone. */
export const REQUEST_BYTES_MAX = 512 * 1024;
const NEWLINE = 0x0a;
const PROJECT_ID_CHARS_MAX = 200;

/** Whole lines of a block. */
export interface Piece {
  /** With the position of the block it comes from. */
  readonly block: DeliveredBlock;
  /** Number of its first line in that block, from 1. */
  readonly line: number;
  /** Where it begins in that block, bytes. */
  readonly at: number;
}

export interface Letter {
  readonly position: string;
  readonly target: StreamTable;
  readonly projectId: string;
  readonly reason: DeadLetterReason;
  readonly detail: string;
}

export type Request = readonly DeliveredBlock[] | UnreadableBlock;

/** Blocks in their order, as many in a request as fit. */
export function requestsOf(items: StreamBatch['items']): Request[] {
  const requests: Request[] = [];
  let open: DeliveredBlock[] = [];
  let bytes = 0;
  const close = () => {
    if (open.length > 0) requests.push(open);
    open = [];
    bytes = 0;
  };
  for (const item of items) {
    if (isUnreadable(item)) {
      requests.push(item);
      continue;
    }
    const size = item.body.length + RECORD_OVERHEAD_BYTES;
    if (bytes + size > REQUEST_BYTES_MAX) close();
    open.push(item);
    bytes += size;
  }
  close();
  return requests;
}

/** Two halves by their lines, or undefined when there is only one. */
export function splitBlock({ block, line, at }: Piece): readonly [Piece, Piece] | undefined {
  const { body, table, position } = block;
  const ends: number[] = [];
  for (let end = body.indexOf(NEWLINE); end >= 0; end = body.indexOf(NEWLINE, end + 1)) ends.push(end + 1);
  if (ends.length < 2) return undefined;
  const half = Math.floor(ends.length / 2);
  const cut = ends[half - 1] ?? 0;
  const piece = (rows: number, from: number, to: number, first: number): Piece => {
    return { block: { table, position, rows, body: body.subarray(from, to) }, line: first, at: at + from };
  };
  return [piece(half, 0, cut, line), piece(ends.length - half, cut, body.length, line + half)];
}

/** The dead letter of a piece of one row. */
export function letterOf({ block, line }: Piece): Letter {
  return {
    position: `${block.position}:${line}`,
    target: block.table,
    projectId: projectOf(block.body),
    reason: 'too_large',
    detail: `Kafka refuses this row of ${block.body.length} bytes; it is in the quarantine of the disk log`,
  };
}

export function letterBlock(letter: Letter, now: number): Block {
  const row: DeadLetterRow = {
    project_id: letter.projectId,
    position: letter.position,
    target: letter.target,
    reason: letter.reason,
    detail: letter.detail,
    row: '',
    first_seen: now,
    last_seen: now,
  };
  return { table: 'dead_letters', rows: 1, body: Buffer.from(`${JSON.stringify(row)}\n`) };
}

function projectOf(body: Buffer): string {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const project = typeof value === 'object' && value !== null && 'project_id' in value ? value.project_id : undefined;
    return typeof project === 'string' ? project.toWellFormed().slice(0, PROJECT_ID_CHARS_MAX) : '';
  } catch {
    return '';
  }
}
