// One answer in the conversation: text that writes itself, code with copy buttons, and what a person can do with it.
import { requestGeneration } from './backend.js';
import { copyText } from './clipboard.js';
import { element } from './element.js';
import { madeBy, thumbButton, toolButton } from './card-parts.js';
import { markGeneration } from './mark-generation.js';
import { parseMarkdown } from './markdown.js';
import { renderBlocks } from './render-blocks.js';
import { reveal } from './reveal.js';
import type { GenerationAnswer, GenerationRequest } from './wire.js';

/** Makes the card and begins to write the answer into it. */
export function answerCard(request: GenerationRequest, first: GenerationAnswer): HTMLElement {
  const text = element('div', { class: 'text' });
  const actions = element('div', { class: 'actions' });
  const origin = element('p', { class: 'made-by' });
  const card = element('article', { class: 'card', 'aria-label': 'Answer' }, text, actions, origin);
  let shown = first;
  let attempt = request.attempt;

  const write = async (answer: GenerationAnswer): Promise<void> => {
    shown = answer;
    card.classList.add('writing');
    card.setAttribute('aria-busy', 'true');
    markGeneration(text, controls, answer);
    origin.textContent = madeBy(answer);
    await reveal(answer.text, (soFar) => text.replaceChildren(...renderBlocks(parseMarkdown(soFar), copyText)));
    card.classList.remove('writing');
    card.removeAttribute('aria-busy');
    card.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  };

  const regenerate = async (): Promise<void> => {
    attempt += 1;
    use.disabled = false;
    use.textContent = 'Use this';
    for (const thumb of [up, down]) thumb.setAttribute('aria-pressed', 'false');
    await write(await requestGeneration({ ...request, attempt }));
  };

  const copy = toolButton('Copy', { 'data-tacit-copy': '' }, () => copyText(shown.text));
  const use = toolButton('Use this', { class: 'primary', 'data-tacit-action': 'accept' }, () => {
    use.disabled = true;
    use.textContent = 'In use ✓';
  });
  const again = toolButton('Regenerate', { 'data-tacit-action': 'regenerate' }, () => void regenerate());
  const dismiss = toolButton('Dismiss', { 'data-tacit-action': 'reject' }, () => {
    card.classList.add('gone');
    card.replaceChildren('You dismissed this answer.');
  });
  const up = thumbButton('Good answer', { class: 'thumb push', 'data-tacit-action': 'thumbs-up' }, () => down);
  const down = thumbButton('Bad answer', { class: 'thumb down', 'data-tacit-action': 'thumbs-down' }, () => up);
  const controls = [copy, use, again, dismiss, up, down];
  actions.append(...controls);
  void write(first);
  return card;
}
