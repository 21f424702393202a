// The demo's pretended model: picks the item, composes its text by the visitor's versions, and signs the generation's token.
import type { Generation } from '../../services/beacon/server.js';
import { assign } from './assignment.js';
import { matchQuestion, type CannedItem } from './canned.js';
import { composeText } from './compose-text.js';
import type { GenerationAnswer, GenerationRequest } from './page/wire.js';

export interface GenerateOptions {
  readonly items: readonly CannedItem[];
  now(): number;
  /** A new UUIDv7 whose time is `now`, ms. */
  newId(now: number): string;
  /** The token of a generation. */
  sign(generation: Generation): string;
}

/** Answers a request of a visitor, or undefined when it names no known item. */
export function generate(
  options: GenerateOptions,
  request: GenerationRequest,
  visitor: string,
): GenerationAnswer | undefined {
  const item =
    request.item === undefined
      ? matchQuestion(options.items, request.question ?? '')
      : options.items.find(({ id }) => id === request.item);
  if (item === undefined) return undefined;
  const assignment = assign(visitor, item.kind);
  const { experiment, ...dimensions } = assignment;
  const generatedAt = options.now();
  const generationId = options.newId(generatedAt);
  const token = options.sign({ generationId, ...dimensions, generatedAt, experiment, user: visitor });
  const text = composeText(item, assignment, request.attempt);
  return { generationId, token, item: item.id, kind: item.kind, text, ...dimensions };
}
