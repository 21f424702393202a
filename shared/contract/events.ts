// The events of the wire: one zod schema per type. Unknown fields are ignored; every number is bounded; no field can hold a text.
import { z } from 'zod';
import { isCleanId } from './ids.js';
import {
  ATTRIBUTE_CHARS_MAX,
  ID_CHARS_MAX,
  INSTANT_MS_MAX,
  NAME_CHARS_MAX,
  RANK_MAX,
  UINT32_MAX,
  VALUE_MAX,
} from './limits.js';
import type { EventType } from './rows.js';

/** UTF-16 units. */
const chars = z.int().min(0).max(UINT32_MAX);
/** ms, fractional or not. */
const duration = z.number().min(0).max(UINT32_MAX);
const ratio = z.number().min(0).max(1);
const value = z.number().min(-VALUE_MAX).max(VALUE_MAX);
const name = z.string().max(NAME_CHARS_MAX);

export const attributesSchema = z.record(z.string().max(ATTRIBUTE_CHARS_MAX), z.string().max(ATTRIBUTE_CHARS_MAX));
export type Attributes = z.infer<typeof attributesSchema>;

export const generationIdSchema = z.string().min(1).max(ID_CHARS_MAX).refine(isCleanId);

/** Fields that every event has: its own id, when the person acted by the client's clock (ms since the epoch), and the generation. */
const every = {
  id: z.guid(),
  g: generationIdSchema,
  t: z.number().min(-INSTANT_MS_MAX).max(INSTANT_MS_MAX),
  attributes: attributesSchema.optional(),
};

const charsWithinText = (event: { chars?: number | undefined; of?: number | undefined }): boolean =>
  event.chars === undefined || event.of === undefined || event.chars <= event.of;
const charsExceed = { path: ['chars'], error: 'must not exceed of' };

export const eventSchemas = {
  generated: z.object({ ...every, type: z.literal('generated'), length: chars.optional() }),
  shown: z.object({
    ...every,
    type: z.literal('shown'),
    visibleMs: duration,
    forced: z.boolean().optional(),
  }),
  copy: z
    .object({
      ...every,
      type: z.literal('copy'),
      chars,
      of: chars,
      method: z.enum(['keyboard', 'button', 'menu', 'drag']),
      part: z.enum(['code']).optional(),
    })
    .refine(charsWithinText, charsExceed),
  accept: z
    .object({
      ...every,
      type: z.literal('accept'),
      method: z.enum(['insert', 'apply', 'tab', 'send', 'partial']),
      chars: chars.optional(),
      of: chars.optional(),
    })
    .refine(charsWithinText, charsExceed),
  edit: z.object({
    ...every,
    type: z.literal('edit'),
    similarity: ratio,
    distance: chars,
    from: chars,
    to: chars,
    approx: z.enum(['tokens', 'grams']).optional(),
    by: z.enum(['submit', 'save', 'blur', 'idle', 'left']),
  }),
  reject: z.object({
    ...every,
    type: z.literal('reject'),
    reason: z.enum(['dismissed', 'regenerated', 'undone', 'deleted', 'stopped']),
  }),
  ignore: z.object({
    ...every,
    type: z.literal('ignore'),
    reason: z.enum(['superseded', 'typed_on', 'left', 'timeout', 'lost']),
    visibleMs: duration,
  }),
  retention: z.object({
    ...every,
    type: z.literal('retention'),
    afterMs: duration,
    similarity: ratio,
    retainedChars: chars,
  }),
  rate: z.object({ ...every, type: z.literal('rate'), value, label: name.optional() }),
  score: z
    .object({
      ...every,
      type: z.literal('score'),
      name: name.min(1),
      version: name.optional(),
      subject: name.optional(),
      value: value.optional(),
      label: name.optional(),
      rank: z.int().min(0).max(RANK_MAX).optional(),
      action: z.enum(['none', 'flagged', 'blocked', 'shadow']).optional(),
      source: z.enum(['evaluator', 'guardrail', 'retriever', 'human']),
    })
    .refine((event) => event.value !== undefined || event.label !== undefined, {
      path: ['value'],
      error: 'value or label is needed',
    }),
} as const satisfies Record<EventType, z.ZodType>;

/** An event as it was validated, one member per type. */
export type BeaconEvent = { [T in EventType]: z.infer<(typeof eventSchemas)[T]> }[EventType];

/** The schema for a type, or undefined when there is no such type. */
export function schemaFor(type: unknown): z.ZodType<BeaconEvent> | undefined {
  return typeof type === 'string' && Object.hasOwn(eventSchemas, type) ? eventSchemas[type as EventType] : undefined;
}
