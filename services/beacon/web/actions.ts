// Controls that say what they do: `data-tacit-action`. In: clicks. Out: accepted, refused or rated generations.
import { ACTION, closest, generationIdOf, originOf } from './dom.js';
import type { Generation } from './generation.js';
import type { Listen } from './listen.js';
import type { Registry } from './registry.js';
import type { Action, RejectReason } from './wire.js';

const refused = (reason: RejectReason): Action => ({ type: 'reject', reason });

/** What a control's word means; words that are not listed mean nothing. */
export function meaningOf(word: string): Action | undefined {
  switch (word) {
    case 'accept':
    case 'apply':
    case 'save':
      return { type: 'accept', method: 'apply' };
    case 'insert':
    case 'send':
      return { type: 'accept', method: word };
    case 'reject':
    case 'dismiss':
      return refused('dismissed');
    case 'regenerate':
      return refused('regenerated');
    case 'undo':
      return refused('undone');
    case 'delete':
      return refused('deleted');
    case 'stop':
      return refused('stopped');
    case 'thumbs-up':
      return { type: 'rate', value: 1 };
    case 'thumbs-down':
      return { type: 'rate', value: -1 };
  }
  return undefined;
}

export function watchActions(
  registry: Registry,
  listen: Listen,
  onAction: (generation: Generation, action: Action) => void,
): void {
  listen(['click'], (event) => {
    const control = closest(originOf(event), `[${ACTION}]`);
    const generation = registry.get(generationIdOf(control));
    const action = meaningOf(control?.getAttribute(ACTION) ?? '');
    if (event.isTrusted && generation && action) onAction(generation, action);
  });
}
