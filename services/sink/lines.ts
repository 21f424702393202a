// Lines of a block. In: NDJSON bytes. Out: their count, or each line with its number. Only newlines are looked at, never the rows.
import type { DeliveredBlock } from '../../shared/runtime/stream.js';

const NEWLINE = 10;
const SPACE = 32;

/** One row as it stood in the stream. `number` counts lines from 1; `bytes` ends with a newline. */
export interface Line {
  readonly block: DeliveredBlock;
  readonly number: number;
  readonly bytes: Buffer;
}

/** How many rows ClickHouse finds in it: lines that are not blank. */
export function countLines(body: Buffer): number {
  let count = 0;
  for (let start = 0; start < body.length;) {
    const end = lineEnd(body, start);
    if (!isBlank(body, start, end)) count += 1;
    start = end + 1;
  }
  return count;
}

/** The lines that are not blank, in order. */
export function linesOf(block: DeliveredBlock): Line[] {
  const { body } = block;
  const lines: Line[] = [];
  for (let start = 0, number = 1; start < body.length; number += 1) {
    const end = lineEnd(body, start);
    if (!isBlank(body, start, end)) lines.push({ block, number, bytes: endedByNewline(body.subarray(start, end + 1)) });
    start = end + 1;
  }
  return lines;
}

/** The last line that is not blank, or undefined when there is none. */
export function lastLine(body: Buffer): Buffer | undefined {
  for (let end = body.length; end > 0;) {
    const start = end < 2 ? 0 : body.lastIndexOf(NEWLINE, end - 2) + 1;
    if (!isBlank(body, start, end)) return endedByNewline(body.subarray(start, end));
    end = start;
  }
  return undefined;
}

/** The same bytes, with the newline that keeps them apart from what follows. */
export function endedByNewline(bytes: Buffer): Buffer {
  return bytes.at(-1) === NEWLINE || bytes.length === 0 ? bytes : Buffer.concat([bytes, Buffer.of(NEWLINE)]);
}

function lineEnd(body: Buffer, start: number): number {
  const end = body.indexOf(NEWLINE, start);
  return end === -1 ? body.length : end;
}

function isBlank(body: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) if ((body[i] ?? 0) > SPACE) return false;
  return true;
}
