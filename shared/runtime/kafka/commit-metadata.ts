// Totals of a partition in the metadata of its commit, so that they move in the same write as the offset. Pure.
import { z } from 'zod';
import type { StreamTotals } from '../stream.js';

const count = z.number().int().min(0);
const schema = z.object({ stored: count, dead: count });

export function encodeTotals({ stored, dead }: StreamTotals): string {
  return JSON.stringify({ stored, dead });
}

/** Undefined when the commit carries none, such as one made by a tool. */
export function decodeTotals(metadata: string | null | undefined): StreamTotals | undefined {
  if (metadata === null || metadata === undefined || metadata === '') return undefined;
  try {
    return schema.parse(JSON.parse(metadata));
  } catch {
    return undefined;
  }
}
