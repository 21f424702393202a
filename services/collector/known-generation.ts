// What a batch says about one of its generations, judged once however many events name it.
// In: the entry and the token of the batch. Out: its time, its dimensions as a piece of a row, or why its events are refused.
import { generationPart, type Person, type RowPart } from '../../shared/contract/event-row.js';
import { generationEntrySchema, type TokenPayload } from '../../shared/contract/generation.js';
import type { DropReason } from '../../shared/contract/drop-reasons.js';
import { idTimeMs } from '../../shared/contract/ids.js';
import { TOKEN_LIFE_MS, TOKEN_TIME_TOLERATED_MS } from '../../shared/contract/limits.js';
import type { KeyedProject } from './keys.js';
import { verifyToken } from './verify-token.js';

export interface Refused {
  readonly reason: DropReason;
  readonly field?: string;
}

export interface KnownGeneration {
  readonly refused?: Refused;
  readonly trusted: boolean;
  /** ms since the epoch; undefined when nothing says it. */
  readonly generatedAt: number | undefined;
  /** When its token expires, ms since the epoch. */
  readonly expiresAt: number | undefined;
  /** Characters of the whole generation, where the entry says it. */
  readonly length: number | undefined;
  readonly part: RowPart;
}

export const UNKNOWN_GENERATION: KnownGeneration = {
  trusted: false,
  generatedAt: undefined,
  expiresAt: undefined,
  length: undefined,
  part: '',
};

export interface GenerationSource {
  readonly keyed: KeyedProject;
  readonly generations: Readonly<Record<string, unknown>> | undefined;
  /** The person of the batch; a token's user stands above it. */
  readonly person: Person;
}

export function knownGeneration(id: string, source: GenerationSource): KnownGeneration {
  const { generations, keyed } = source;
  const given = generations !== undefined && Object.hasOwn(generations, id);
  const parsed = given ? generationEntrySchema.safeParse(generations[id]) : undefined;
  if (parsed?.success === false) return refusedGeneration('invalid_field', `generations.${id}`);
  const entry = parsed?.data;
  const idTime = idTimeMs(id);
  let token: TokenPayload | undefined;
  if (entry !== undefined && 'token' in entry && entry.token !== undefined) {
    token = verifyToken(entry.token, keyed.signingKeys);
    if (token === undefined) return refusedGeneration('token_invalid');
    if (token.generationId !== id) return refusedGeneration('token_mismatch', 'generationId');
    if (idTime !== undefined && Math.abs(idTime - token.generatedAt) > TOKEN_TIME_TOLERATED_MS)
      return refusedGeneration('token_mismatch', 'generationId');
  }
  const generatedAt = idTime ?? token?.generatedAt ?? entry?.generatedAt;
  const person = token?.user ? keyed.persons.of('user', token.user) : source.person;
  return {
    trusted: token !== undefined,
    generatedAt,
    expiresAt: token && (token.exp ?? token.generatedAt + TOKEN_LIFE_MS),
    length: entry?.length,
    part: generatedAt === undefined ? '' : generationPart({ id, generatedAt, entry, token, person }),
  };
}

function refusedGeneration(reason: DropReason, field?: string): KnownGeneration {
  const refused = field === undefined ? { reason } : { reason, field };
  return { ...UNKNOWN_GENERATION, refused };
}
