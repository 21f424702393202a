// Verifies generation tokens. In: what a batch calls a token, and the project's signing keys. Out: its payload, or undefined.
import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { tokenPayloadSchema, type TokenPayload } from '../../shared/contract/generation.js';
import { TOKEN_CHARS_MAX } from '../../shared/contract/limits.js';
import { splitToken } from '../../shared/contract/token.js';

/** The payload when some key made the signature; undefined for anything else, whatever it is. */
export function verifyToken(token: unknown, keys: readonly KeyObject[]): TokenPayload | undefined {
  if (typeof token !== 'string' || token.length > TOKEN_CHARS_MAX) return undefined;
  const parts = splitToken(token);
  if (parts === undefined) return undefined;
  // Compared as text: so one signature has exactly one spelling.
  const given = Buffer.from(parts.signature);
  const signed = keys.some((key) =>
    timingSafeEqual(given, Buffer.from(createHmac('sha256', key).update(parts.signed).digest('base64url'))),
  );
  if (!signed) return undefined;
  try {
    const payload: unknown = JSON.parse(Buffer.from(parts.payload, 'base64url').toString('utf8'));
    return tokenPayloadSchema.safeParse(payload).data;
  } catch {
    return undefined;
  }
}
