// Turns a person into `user_key`: a keyed hash, so that the same person is the same key and the key says nothing of the person.
import { createHmac, type KeyObject } from 'node:crypto';
import type { Person } from '../../shared/contract/event-row.js';
import type { UserKind } from '../../shared/contract/rows.js';

export const NOBODY: Person = { kind: 'none', key: '0' };

/** So many persons of a project are remembered; then all are forgotten. */
export const PERSONS_KNOWN_MAX = 4096;

/** First 8 bytes of HMAC-SHA256 over kind and id, as a decimal UInt64. The kind is hashed too: a session is never a user by chance. */
export function personOf(kind: Exclude<UserKind, 'none'>, id: string, hashKey: KeyObject): Person {
  const digest = createHmac('sha256', hashKey).update(`${kind}:${id.toWellFormed()}`).digest();
  return { kind, key: digest.readBigUInt64BE(0).toString() };
}

/** Persons of one project. Hashing costs more than all the rest of a small batch, and the same people send again and again. */
export class Persons {
  readonly #hashKey: KeyObject;
  readonly #known = new Map<string, Person>();

  constructor(hashKey: KeyObject) {
    this.#hashKey = hashKey;
  }

  of(kind: Exclude<UserKind, 'none'>, id: string): Person {
    const name = `${kind}:${id}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const person = personOf(kind, id, this.#hashKey);
    if (this.#known.size >= PERSONS_KNOWN_MAX) this.#known.clear();
    this.#known.set(name, person);
    return person;
  }

  /** The user, else the anonymous client, else the session; an empty id is none. */
  ofBatch(batch: PersonNames): Person {
    if (batch.userId) return this.of('user', batch.userId);
    if (batch.clientId) return this.of('client', batch.clientId);
    return batch.sessionId ? this.of('session', batch.sessionId) : NOBODY;
  }
}

/** What a batch says about who sends it. */
export interface PersonNames {
  readonly userId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly sessionId?: string | undefined;
}
