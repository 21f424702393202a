// tacit/server: what a product's backend needs to sign its generations. In: what is known of a generation, and a signing secret.
// Out: a token that the page hands on unread. Plain Node, no dependency. The secret must never reach a page.
import { createHmac, randomBytes } from 'node:crypto';
import { ASSIGNMENTS } from '../../shared/contract/assignments.js';
import { idTimeMs, isCleanId, uuidV7 } from '../../shared/contract/ids.js';
import {
  ID_CHARS_MAX,
  INSTANT_MS_MAX,
  NAME_CHARS_MAX,
  TOKEN_CHARS_MAX,
  TOKEN_LIFE_MS,
  TOKEN_TIME_TOLERATED_MS,
} from '../../shared/contract/limits.js';
import { TOKEN_PREFIX, joinToken, splitToken } from '../../shared/contract/token.js';

/** Shortest signing secret that is taken, characters. */
const SECRET_CHARS_MIN = 16;

export interface Generation {
  /** Any string up to 128 characters; a UUIDv7 of `generatedAt` when it is left out (read it with `generationIdOf`). */
  readonly generationId?: string;
  readonly promptId: string;
  readonly promptVersion: string;
  /** The model as its provider calls it. */
  readonly model: string;
  /** Its snapshot, date or deployment. */
  readonly modelVersion: string;
  /** ms since the epoch; the time inside the id when that has one, else now. */
  readonly generatedAt?: number;
  /** Until when events may happen, ms since the epoch; 30 days after `generatedAt` when it is left out. */
  readonly exp?: number;
  readonly experiment?: {
    readonly id: string;
    readonly arm: string;
    /** Spelt out: the published types of this module stand alone. */
    readonly assignment?: 'randomised:generation' | 'randomised:session' | 'randomised:user' | 'canary';
  };
  /** The person, by the product's own id; only a keyed hash of it is stored. */
  readonly user?: string;
}

/** Makes the id of a new generation: a UUIDv7. `timeMs` is ms since the epoch. */
export function newGenerationId(timeMs: number = Date.now()): string {
  return uuidV7(timeMs, randomBytes(10));
}

/**
 * Signs a generation with one of the project's signing secrets. Throws a TypeError or RangeError that says what to change
 * when the collector would refuse the token.
 */
export function signGeneration(generation: Generation, secret: string): string {
  if (typeof secret !== 'string' || secret.length < SECRET_CHARS_MIN)
    throw new TypeError(`the signing secret must be a string of at least ${SECRET_CHARS_MIN} characters`);
  const idTime = generation.generationId === undefined ? undefined : idTimeMs(generation.generationId);
  const generatedAt = instant('generatedAt', generation.generatedAt ?? idTime ?? Date.now());
  const generationId = generation.generationId ?? newGenerationId(generatedAt);
  checkId(generationId);
  if (idTime !== undefined && Math.abs(idTime - generatedAt) > TOKEN_TIME_TOLERATED_MS)
    throw new RangeError(
      'the time inside generationId and generatedAt differ by more than one hour: an id that is older than its generation ' +
        'needs a prefix (such as "m:" before it), which makes it opaque; send the same prefixed id from the page',
    );
  const { experiment, user } = generation;
  const payload = {
    generationId,
    promptId: name('promptId', generation.promptId),
    promptVersion: name('promptVersion', generation.promptVersion),
    model: name('model', generation.model),
    modelVersion: name('modelVersion', generation.modelVersion),
    generatedAt,
    exp: instant('exp', generation.exp ?? generatedAt + TOKEN_LIFE_MS),
    ...(experiment === undefined ? {} : { experiment: checkedExperiment(experiment) }),
    ...(user === undefined ? {} : { user: bounded('user', user, ID_CHARS_MAX) }),
  };
  const signed = TOKEN_PREFIX + Buffer.from(JSON.stringify(payload)).toString('base64url');
  const token = joinToken(signed, createHmac('sha256', secret).update(signed).digest('base64url'));
  if (token.length > TOKEN_CHARS_MAX)
    throw new RangeError(
      `the token would have ${token.length} characters, more than ${TOKEN_CHARS_MAX}: shorten the names`,
    );
  return token;
}

/** The generation id inside a token, for the page's `data-tacit-generation`. Verifies nothing. */
export function generationIdOf(token: string): string {
  const parts = splitToken(token);
  if (parts === undefined) throw new TypeError('this is not a generation token');
  const payload: unknown = JSON.parse(Buffer.from(parts.payload, 'base64url').toString('utf8'));
  if (typeof payload !== 'object' || payload === null || !('generationId' in payload))
    throw new TypeError('this token names no generation');
  return String(payload.generationId);
}

function checkId(id: unknown): void {
  if (!isCleanId(bounded('generationId', id, ID_CHARS_MAX)))
    throw new TypeError('generationId must not be blank and must hold neither NUL nor a lone surrogate');
}

function checkedExperiment({ id, arm, assignment }: NonNullable<Generation['experiment']>) {
  if (name('experiment.id', id) === '') throw new TypeError('experiment.id must not be empty');
  if (assignment !== undefined && !ASSIGNMENTS.includes(assignment))
    throw new TypeError(`experiment.assignment must be one of ${ASSIGNMENTS.join(', ')}`);
  return { id, arm: name('experiment.arm', arm), ...(assignment === undefined ? {} : { assignment }) };
}

function name(field: string, value: unknown): string {
  return bounded(field, value, NAME_CHARS_MAX);
}

function bounded(field: string, value: unknown, charsMax: number): string {
  if (typeof value !== 'string') throw new TypeError(`${field} must be a string`);
  if (value.length > charsMax) throw new RangeError(`${field} must have at most ${charsMax} characters`);
  return value;
}

function instant(field: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) > INSTANT_MS_MAX)
    throw new RangeError(`${field} must be a time in ms since the epoch`);
  return Math.round(value);
}
