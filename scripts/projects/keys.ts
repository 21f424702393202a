// Makes keys, tokens and secrets: a prefix that says what it is, and 24 random bytes in base64url.
import { createHash, randomBytes } from 'node:crypto';

/** `pk` write key (public), `sk` server key, `rt` read token, `ss` signing secret, `hk` hash key of persons. */
export type KeyKind = 'pk' | 'sk' | 'rt' | 'ss' | 'hk';

export function makeKey(kind: KeyKind): string {
  return `${kind}_${randomBytes(24).toString('base64url')}`;
}

/** SHA-256 in lower-case hex: how the projects file keeps server keys and read tokens. */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
