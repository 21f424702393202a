// How the page tells the beacon about a generation: attributes, set before a word of it is shown, and a call after the last.
import { beacon } from './beacon.js';
import type { GenerationAnswer } from './wire.js';

/**
 * Names the generation whose text `root` shows from now on, and that `controls` act on. A root that shows another one than
 * before supersedes it.
 */
export function markGeneration(root: HTMLElement, controls: readonly HTMLElement[], answer: GenerationAnswer): void {
  root.setAttribute('data-tacit-token', answer.token);
  for (const marked of [root, ...controls]) marked.setAttribute('data-tacit-generation', answer.generationId);
}

/** The whole text stands there: from here on the beacon waits for what is done with it. */
export function generationIsWritten(answer: GenerationAnswer): void {
  beacon().done(answer.generationId);
}
