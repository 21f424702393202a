// What is known about a generation besides its id: the entry a batch carries, and the payload a token signs.
import { z } from 'zod';
import { ASSIGNMENTS } from './assignments.js';
import { ID_CHARS_MAX, INSTANT_MS_MAX, NAME_CHARS_MAX, UINT32_MAX } from './limits.js';

const name = z.string().max(NAME_CHARS_MAX);
const instant = z.number().min(-INSTANT_MS_MAX).max(INSTANT_MS_MAX);

export const experimentSchema = z.object({
  id: name.min(1),
  arm: name,
  assignment: z.enum([...ASSIGNMENTS, '']).optional(),
});
export type Experiment = z.infer<typeof experimentSchema>;

const dimensions = {
  promptId: name.optional(),
  promptVersion: name.optional(),
  model: name.optional(),
  modelVersion: name.optional(),
  experiment: experimentSchema.optional(),
};

/** An entry of `generations` in a batch. The token is judged apart, so that a bad one has a reason of its own. */
export const generationEntrySchema = z.object({
  ...dimensions,
  /** Opaque to the page: made by `signGeneration` on the product's backend. */
  token: z.unknown().optional(),
  /** ms since the epoch. */
  generatedAt: instant.optional(),
  /** Chain of generations made for one purpose. */
  taskId: z.string().max(ID_CHARS_MAX).optional(),
  /** Characters of the whole generation. */
  length: z.int().min(0).max(UINT32_MAX).optional(),
});
export type GenerationEntry = z.infer<typeof generationEntrySchema>;

/** What a token states. `generatedAt` and `exp` are ms since the epoch; `exp` counts from `generatedAt` when it is left out. */
export const tokenPayloadSchema = z.object({
  ...dimensions,
  generationId: z.string().min(1).max(ID_CHARS_MAX),
  generatedAt: instant,
  exp: instant.optional(),
  /** The person, as the product's backend knows it; hashed by the collector. */
  user: z.string().max(ID_CHARS_MAX).optional(),
});
export type TokenPayload = z.infer<typeof tokenPayloadSchema>;
