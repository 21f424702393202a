// The batch a client posts, and what it is answered. Its events and generations are judged one by one, apart from it,
// so that a bad one never costs its neighbours.
import { z } from 'zod';
import type { DropReason } from './drop-reasons.js';
import { ID_CHARS_MAX, NAME_CHARS_MAX } from './limits.js';

/** A JSON object whose values are judged later. Not copied: a copy would lose a key named `__proto__`. */
const jsonObject = z.custom<Readonly<Record<string, unknown>>>(isJsonObject, 'must be an object');
const id = z.string().max(ID_CHARS_MAX).optional();

export const batchSchema = z.object({
  events: z.custom<readonly unknown[]>(Array.isArray, 'must be an array'),
  generations: jsonObject.optional(),
  attributes: jsonObject.optional(),
  /** Stamped at each attempt, ms since the epoch by the client's clock; anything but a finite number counts as absent. */
  sentAt: z.unknown().optional(),
  sdk: z.string().max(NAME_CHARS_MAX).optional(),
  surface: z.string().max(NAME_CHARS_MAX).optional(),
  sessionId: id,
  clientId: id,
  userId: id,
  /** Server keys only: keeps times up to 12 months back. */
  backfill: z.boolean().optional(),
});
export type Batch = z.infer<typeof batchSchema>;

export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One event that was not taken. `index` is its position; `id` is null where it had none. */
export interface DroppedEvent {
  readonly index: number;
  readonly id: string | null;
  readonly reason: DropReason;
  readonly field?: string;
}

/** The answer 202: every accepted row is on disk. Accepted and dropped add up to the events of the batch. */
export interface BatchAnswer {
  readonly accepted: number;
  readonly dropped: readonly DroppedEvent[];
}
