// One answer in the conversation: text with code blocks, and what a person can do with it.
import { thumbButton, toolButton } from './buttons.js';
import { createCard } from './card.js';
import { copyText } from './clipboard.js';
import { element } from './element.js';
import { parseMarkdown } from './markdown.js';
import { renderBlocks } from './render-blocks.js';
import type { GenerationAnswer, GenerationRequest } from './wire.js';

/** Makes the card and begins to write the answer into it. */
export function answerCard(request: GenerationRequest, first: GenerationAnswer): HTMLElement {
  const root = element('div', { class: 'text' });
  const show = (soFar: string) => root.replaceChildren(...renderBlocks(parseMarkdown(soFar), copyText));
  const lock = (writing: boolean) => {
    if (!writing) return;
    use.disabled = false;
    use.textContent = 'Use this';
    for (const thumb of [up, down]) thumb.setAttribute('aria-pressed', 'false');
  };
  const card = createCard({ label: 'Answer', root, show, lock }, request, first);

  const copy = toolButton('Copy', { 'data-tacit-copy': '' }, () => copyText(card.shown().text));
  const use = toolButton('Use this', { class: 'primary', 'data-tacit-action': 'accept' }, () => {
    use.disabled = true;
    use.textContent = 'In use ✓';
  });
  const again = toolButton('Regenerate', { 'data-tacit-action': 'regenerate' }, card.regenerate);
  const dismiss = toolButton('Dismiss', { 'data-tacit-action': 'reject' }, () =>
    card.close('You dismissed this answer.'),
  );
  const up = thumbButton('Good answer', { class: 'thumb push', 'data-tacit-action': 'thumbs-up' }, () => down);
  const down = thumbButton('Bad answer', { class: 'thumb down', 'data-tacit-action': 'thumbs-down' }, () => up);
  card.begin([copy, use, again, dismiss, up, down]);
  return card.element;
}
