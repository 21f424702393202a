// Controls that say what they do: `data-tacit-action`. In: clicks. Out: accepted, refused or rated generations.
import { ACTION, closest, generationIdOf, originOf } from './dom.js';
import type { Generation } from './generation.js';
import type { Listen } from './listen.js';
import type { Registry } from './registry.js';
import type { AcceptMethod, Action, RejectReason } from './wire.js';

const ACCEPTED: Record<string, AcceptMethod> = {
  accept: 'apply',
  apply: 'apply',
  save: 'apply',
  insert: 'insert',
  send: 'send',
};

const REFUSED: Record<string, RejectReason> = {
  reject: 'dismissed',
  dismiss: 'dismissed',
  regenerate: 'regenerated',
  undo: 'undone',
  delete: 'deleted',
  stop: 'stopped',
};

const RATED: Record<string, number> = { 'thumbs-up': 1, 'thumbs-down': -1 };

/** What a control's word means; words that are not listed mean nothing. */
export function meaningOf(word: string): Action | undefined {
  const method = ACCEPTED[word];
  const reason = REFUSED[word];
  const value = RATED[word];
  if (method) return { type: 'accept', method };
  if (reason) return { type: 'reject', reason };
  return value ? { type: 'rate', value } : undefined;
}

export function watchActions(
  registry: Registry,
  listen: Listen,
  onAction: (generation: Generation, action: Action, word: string) => void,
): void {
  listen(['click'], (event) => {
    const control = closest(originOf(event), `[${ACTION}]`);
    const word = control?.getAttribute(ACTION) ?? '';
    const generation = registry.get(generationIdOf(control));
    const action = meaningOf(word);
    if (event.isTrusted && generation && action) onAction(generation, action, word);
  });
}
