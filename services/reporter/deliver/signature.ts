// The signature of a webhook: who has the secret can tell that a body came from here, and when.
// In: a body, a secret, a time. Out: the value of the header `Tacit-Signature`.
import { createHmac } from 'node:crypto';

export const SIGNATURE_HEADER = 'Tacit-Signature';

/** `t=<seconds>,v1=<hex HMAC-SHA256 over "<t>.<body>">`. The body is signed byte for byte, as UTF-8. */
export function signatureOf(body: string, secret: string, seconds: number): string {
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}
