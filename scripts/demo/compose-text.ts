// What the pretended model writes: one of an item's two texts. Prompt version 1 prefers the thorough one, version 2 the short
// one; each regeneration takes the other. The older model opens with a phrase, as older models do.
import type { Assignment } from './assignment.js';
import type { CannedItem } from './canned.js';

const OPENINGS = ['Sure, here you are.', 'Good question!', 'Of course.', 'Happy to help.'];

export function composeText(item: CannedItem, assignment: Assignment, attempt: number): string {
  const thorough = (assignment.promptVersion === '1') === (attempt % 2 === 0);
  const text = thorough ? item.full : item.brief;
  if (item.kind === 'draft' || assignment.modelVersion !== '2026-09') return text;
  return `${OPENINGS[(item.id.length + attempt) % OPENINGS.length] ?? ''}\n\n${text}`;
}
