// Turns a person into `user_key`: a keyed hash, so that the same person is the same key and the key says nothing of the person.
import { createHmac, type KeyObject } from 'node:crypto';
import type { Person } from '../../shared/contract/event-row.js';
import type { UserKind } from '../../shared/contract/rows.js';

export const NOBODY: Person = { kind: 'none', key: '0' };

/** First 8 bytes of HMAC-SHA256 over kind and id, as a decimal UInt64. The kind is hashed too: a session is never a user by chance. */
export function personOf(kind: Exclude<UserKind, 'none'>, id: string, hashKey: KeyObject): Person {
  const digest = createHmac('sha256', hashKey).update(`${kind}:${id.toWellFormed()}`).digest();
  return { kind, key: digest.readBigUInt64BE(0).toString() };
}

/** The user, else the anonymous client, else the session; an empty id is none. */
export function personOfBatch(
  batch: { userId?: string | undefined; clientId?: string | undefined; sessionId?: string | undefined },
  hashKey: KeyObject,
): Person {
  if (batch.userId) return personOf('user', batch.userId, hashKey);
  if (batch.clientId) return personOf('client', batch.clientId, hashKey);
  if (batch.sessionId) return personOf('session', batch.sessionId, hashKey);
  return NOBODY;
}
