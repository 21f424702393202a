// What one append may hold, and what it takes on disk. Pure.
import { WeatherError } from '../errors.js';
import type { Block } from '../stream.js';
import { BLOCK_BYTES_MAX, FRAME_HEADER_BYTES, encodeHeader } from './frame.js';

/** All blocks of one `append`, headers included. */
export const APPEND_BYTES_MAX = 32 * 1024 * 1024;

export interface Append {
  readonly blocks: readonly Block[];
  /** On disk. */
  readonly bytes: number;
}

/** Throws when a block breaks its own contract (TypeError) or a limit (WeatherError): sending it again cannot help. */
export function measureAppend(blocks: readonly Block[]): Append {
  let bytes = 0;
  for (const { rows, body } of blocks) {
    if (rows < 1 || body.at(-1) !== 0x0a) throw new TypeError('a block has at least one row and ends with a newline');
    if (body.length > BLOCK_BYTES_MAX) throw tooLarge('a block', body.length, BLOCK_BYTES_MAX);
    bytes += FRAME_HEADER_BYTES + body.length;
  }
  if (bytes > APPEND_BYTES_MAX) throw tooLarge('an append', bytes, APPEND_BYTES_MAX);
  return { blocks, bytes };
}

/** The buffers of all frames in order. Payloads are not copied. */
export function encodeFrames(blocks: readonly Block[], firstSeq: number, appendedAt: number): Buffer[] {
  return blocks.flatMap((block, i) => [encodeHeader(block, firstSeq + i, appendedAt), block.body]);
}

function tooLarge(what: string, bytes: number, max: number): WeatherError {
  return new WeatherError('too_large', `${what} of ${bytes} bytes is larger than ${max}`, { retriable: false });
}
