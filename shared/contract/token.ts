// The outer form of a generation token: `t1.<payload>.<signature>`, both base64url without padding. Dependency-free.
// The signature is HMAC-SHA256, by one of the project's signing secrets, over the ASCII text `t1.<payload>`; the payload is JSON.
// Signing and verifying live where node:crypto is.

export const TOKEN_PREFIX = 't1.';

const FORM = /^(t1\.[A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/;

/** The parts of a token, nothing of it verified. */
export interface TokenParts {
  /** What the signature is over. */
  readonly signed: string;
  /** base64url of the payload's JSON. */
  readonly payload: string;
  /** base64url of 32 bytes. */
  readonly signature: string;
}

/** Takes a token apart; undefined when it has another form. The length is not judged. */
export function splitToken(token: string): TokenParts | undefined {
  const match = FORM.exec(token);
  const [, signed, signature] = match ?? [];
  if (signed === undefined || signature === undefined) return undefined;
  return { signed, payload: signed.slice(TOKEN_PREFIX.length), signature };
}

export function joinToken(signed: string, signature: string): string {
  return `${signed}.${signature}`;
}
