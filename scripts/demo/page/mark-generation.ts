// How the page tells the beacon about a generation: attributes, set before a word of it is shown.
import type { GenerationAnswer } from './wire.js';

/** Names the generation that `root` shows from now on. A root that shows another one than before supersedes it. */
export function markGeneration(root: HTMLElement, answer: GenerationAnswer): void {
  root.setAttribute('data-tacit-token', answer.token);
  root.setAttribute('data-tacit-generation', answer.generationId);
}
