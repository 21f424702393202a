// The content security policy of a stored report. In: the document. Out: a header's value. Must never let a script run.
import { createHash } from 'node:crypto';

/** A document on its own: its style sheets by their hashes, and nothing else, least of all a script. */
export function policyOf(document: string): string {
  const hashes = [...document.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(
    ([, style = '']) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `style-src ${hashes.length === 0 ? "'none'" : [...new Set(hashes)].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
