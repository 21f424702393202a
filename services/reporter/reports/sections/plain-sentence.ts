// Sentences as a report holds them: one line, bounded. Names in them come from events and may hold anything. Pure.
import { SENTENCE_CHARS_MAX } from '../report-fields.js';

export function plainSentence(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  if (line.length <= SENTENCE_CHARS_MAX) return line;
  // never half of a character
  return `${line.slice(0, SENTENCE_CHARS_MAX - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
