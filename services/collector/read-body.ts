// Reads the bytes of a body, bounded in size, time and memory. In: a request. Out: its bytes, or why not.
// A body that is refused is read on for a while and thrown away, so that the connection stays usable.
import type { IncomingMessage } from 'node:http';
import {
  BODY_BYTES_MAX,
  BODY_IDLE_MS_MAX,
  BODY_TOTAL_MS_MAX,
  DISCARDED_BYTES_MAX,
} from '../../shared/contract/limits.js';
import type { MemoryBudget } from './memory-budget.js';
import { Problem } from './problem.js';

export interface BodyTimes {
  readonly idleMs: number;
  readonly totalMs: number;
}

export const BODY_TIMES: BodyTimes = { idleMs: BODY_IDLE_MS_MAX, totalMs: BODY_TOTAL_MS_MAX };

/** Seconds after which a request may come again that was refused for want of memory. */
const RETRY_AFTER_S = 1;

export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** The whole body; its bytes are taken from `budget` and are the caller's to give back. Settles in bounded time, never rejects. */
export async function readBody(
  request: IncomingMessage,
  budget: MemoryBudget,
  times: BodyTimes,
): Promise<Buffer | Problem> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let problem: Problem | undefined;
  const end = await eachChunk(request, times, (chunk) => {
    bytes += chunk.length;
    if (problem !== undefined) return bytes <= BODY_BYTES_MAX + DISCARDED_BYTES_MAX;
    if (bytes > BODY_BYTES_MAX) problem = new Problem('body_too_large', `at most ${BODY_BYTES_MAX} bytes`);
    else if (!budget.take(chunk.length)) problem = new Problem('unavailable', 'too much is being read', RETRY_AFTER_S);
    else chunks.push(chunk);
    return true;
  });
  if (end === 'timeout' && problem === undefined) problem = new Problem('body_timeout');
  if (end === 'aborted' && problem === undefined) problem = new Problem('malformed_json', 'the body ended too soon');
  const held = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (problem !== undefined) {
    budget.give(held);
    return problem;
  }
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, held);
}

/** Reads a body that nobody wants, up to the bound. */
export async function discardBody(request: IncomingMessage, times: BodyTimes): Promise<void> {
  let bytes = 0;
  await eachChunk(request, times, (chunk) => {
    bytes += chunk.length;
    return bytes <= BODY_BYTES_MAX + DISCARDED_BYTES_MAX;
  });
}

type End = 'complete' | 'timeout' | 'aborted' | 'stopped';

/** Hands each chunk to `take` until it answers false, the body ends, or its time is over. */
async function eachChunk(request: IncomingMessage, times: BodyTimes, take: (chunk: Buffer) => boolean): Promise<End> {
  if (request.complete && request.readableEnded) return 'complete';
  return await new Promise((resolve) => {
    const finish = (end: End): void => {
      clearTimeout(idle);
      clearTimeout(total);
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      if (end !== 'complete') request.pause();
      resolve(end);
    };
    const onData = (chunk: Buffer): void => {
      idle.refresh();
      if (!take(chunk)) finish('stopped');
    };
    const onEnd = (): void => finish('complete');
    const onClose = (): void => finish('aborted');
    const idle = setTimeout(() => finish('timeout'), times.idleMs);
    const total = setTimeout(() => finish('timeout'), times.totalMs);
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}
