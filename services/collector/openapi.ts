// The description of the API, made from the zod schemas that judge it: JSON Schema of a batch, and OpenAPI around it.
import { z } from 'zod';
import { batchSchema } from '../../shared/contract/batch.js';
import { attributesSchema, eventSchemas } from '../../shared/contract/events.js';
import { DROP_REASONS, DROP_REASON_MEANINGS } from '../../shared/contract/drop-reasons.js';
import { generationEntrySchema } from '../../shared/contract/generation.js';
import { ATTRIBUTES_MAX, EVENTS_MAX, ID_CHARS_MAX, TOKEN_CHARS_MAX } from '../../shared/contract/limits.js';
import { PROBLEMS } from '../../shared/contract/problems.js';

/** A batch as a whole. The collector judges its events and generations one by one; a document describes them together. */
export const documentedBatchSchema = batchSchema.extend({
  events: z
    .array(z.discriminatedUnion('type', Object.values(eventSchemas) as [typeof eventSchemas.generated]))
    .min(1)
    .max(EVENTS_MAX),
  generations: z
    .record(
      z.string().max(ID_CHARS_MAX),
      generationEntrySchema.extend({ token: z.string().max(TOKEN_CHARS_MAX).optional() }),
    )
    .optional(),
  attributes: attributesSchema.optional().describe(`On every event; at most ${ATTRIBUTES_MAX} with the event's own.`),
  sentAt: z.number().optional().describe('Stamped at each attempt, ms since the epoch by the clock of the client.'),
});

const droppedSchema = z.object({
  index: z.int().describe('Position in the batch.'),
  id: z.string().nullable(),
  reason: z
    .enum(DROP_REASONS)
    .describe(DROP_REASONS.map((reason) => `${reason}: ${DROP_REASON_MEANINGS[reason]}`).join('\n')),
  field: z.string().optional(),
});

const answerSchema = z.object({
  accepted: z.int().describe('Events whose rows are durable; one that is repeated in the batch counts.'),
  dropped: z.array(droppedSchema),
});

/** JSON Schema (draft 2020-12) of a batch. */
export function batchJsonSchema(): object {
  return { title: 'Tacit batch', ...jsonSchema(documentedBatchSchema) };
}

function jsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { io: 'input' });
}

const key = {
  name: 'key',
  in: 'query',
  schema: { type: 'string' },
  description: 'A write key, in place of the header.',
};
const enc = { name: 'enc', in: 'query', schema: { enum: ['gzip'] }, description: 'In place of Content-Encoding.' };

/** OpenAPI 3.1. */
export function openApi(): object {
  const statuses = new Set(Object.values(PROBLEMS).map(({ status }) => status));
  const refusals = Object.fromEntries([...statuses].map((status) => [String(status), refusal(status)]));
  const accepted = (schema: object, description: string) => ({
    description,
    content: { 'application/json': { schema } },
  });
  const batch = { schema: { $ref: '#/components/schemas/Batch' } };
  return {
    openapi: '3.1.0',
    info: { title: 'Tacit collector', version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    security: [{ key: [] }],
    paths: {
      '/v1/events': {
        post: {
          summary: 'Takes a batch of events.',
          parameters: [key, enc],
          requestBody: { required: true, content: { 'application/json': batch, 'text/plain': batch } },
          responses: {
            '202': accepted({ $ref: '#/components/schemas/Answer' }, 'Every accepted row is durable.'),
            ...refusals,
          },
        },
      },
      '/v1/users/{id}': {
        delete: {
          summary: 'Erases a user: everything received before, whenever it arrives. Needs a server key.',
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          responses: { '202': accepted({ type: 'object' }, 'The wish is durable.'), ...refusals },
        },
      },
    },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: { Batch: batchJsonSchema(), Answer: jsonSchema(answerSchema), Problem: problemSchema() },
    },
  };
}

/** All problems of one status. */
function refusal(status: number): object {
  const members = Object.entries(PROBLEMS).filter(([, problem]) => problem.status === status);
  return {
    description: members.map(([code, { title }]) => `${code}: ${title}`).join('\n'),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function problemSchema(): object {
  return {
    type: 'object',
    required: ['type', 'title', 'status', 'code'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { enum: Object.keys(PROBLEMS) },
      detail: { type: 'string' },
    },
  };
}
