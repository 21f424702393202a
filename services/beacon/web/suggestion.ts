// Suggestions at a field (`data-tacit-suggestion`, with the id of the field or nothing): refused by Escape, or typed on.
// In: keys. Out: generations. Compares a typed character with the suggestion in memory; nothing of either goes on.
import { ROOT, closest, generationIdOf, isField, isPrivate, originOf } from './dom.js';
import type { Generation } from './generation.js';
import type { Listen } from './listen.js';
import type { Registry } from './registry.js';

export const SUGGESTION = 'data-tacit-suggestion';

/** Keys that change a text without being a character. */
const CHANGING = /^(Backspace|Delete|Enter)$/;

export interface OnSuggestion {
  typedOn: (generation: Generation) => void;
  dismissed: (generation: Generation) => void;
}

interface Suggestion {
  generation: Generation;
  element: Element;
  /** It names its field. */
  named: boolean;
}

function editableAt(node: unknown): boolean {
  return isField(node) || !!(node as Partial<HTMLElement> | undefined)?.isContentEditable;
}

/** The suggestions in sight that belong to the place where a key was pressed. */
function suggestionsAt(registry: Registry, place: unknown): Suggestion[] {
  const found: Suggestion[] = [];
  for (const generation of registry.all()) {
    const element = generation.visibleSince ? generation.place?.deref() : undefined;
    const field = element?.getAttribute(SUGGESTION);
    if (!element || typeof field !== 'string' || !element.isConnected || isPrivate(element)) continue;
    if (field ? closest(place, `#${CSS.escape(field)}`) : editableAt(place) && !element.contains(place as Node))
      found.push({ generation, element, named: !!field });
  }
  return found;
}

/**
 * How far the typed characters agree with what a suggestion says. A page may take away what was typed, or leave the
 * suggestion as it is: both count as agreeing.
 */
export function createAgreement(): (text: string, key: string) => boolean {
  let last = '';
  let at = 0;
  return (text, key) => {
    if (text !== last) at = 0;
    last = text;
    return text[at++] === key;
  };
}

export function watchSuggestions(registry: Registry, listen: Listen, { typedOn, dismissed }: OnSuggestion): void {
  const agreements = new WeakMap<Generation, ReturnType<typeof createAgreement>>();

  function agrees({ generation, element }: Suggestion, key: string): boolean {
    const agreement = agreements.get(generation) ?? createAgreement();
    agreements.set(generation, agreement);
    return agreement(element.textContent.trimStart(), key);
  }

  function escaped(place: unknown): void {
    const open = suggestionsAt(registry, place).filter(({ generation }) => !generation.acted);
    // Several that name no field: which of them was meant is not known.
    const [only] = open;
    if (only && (open.length === 1 || only.named)) return dismissed(only.generation);
    const focused = registry.get(generationIdOf(closest(place, ROOT)));
    // In an editor the key has meanings of its own.
    if (focused?.visibleSince && !focused.acted && !editableAt(place) && !isPrivate(place)) dismissed(focused);
  }

  listen(['keydown'], (event) => {
    const place = originOf(event);
    if (!event.isTrusted || event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape') return escaped(place);
    const character = event.key.length === 1;
    if (!editableAt(place) || !(character || CHANGING.test(event.key))) return;
    for (const suggestion of suggestionsAt(registry, place))
      if (!character || !agrees(suggestion, event.key)) typedOn(suggestion.generation);
  });
}
