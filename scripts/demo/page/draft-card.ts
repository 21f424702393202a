// A reply to a mail, written into an editable field: change it, send it, copy it, or throw it away.
import { requestGeneration } from './backend.js';
import { copyText } from './clipboard.js';
import { element } from './element.js';
import { madeBy, toolButton } from './card-parts.js';
import { markGeneration } from './mark-generation.js';
import { reveal } from './reveal.js';
import type { GenerationAnswer, GenerationRequest } from './wire.js';

/** Makes the card and begins to write the draft into it. */
export function draftCard(request: GenerationRequest, first: GenerationAnswer): HTMLElement {
  const field = element('textarea', { rows: '9', 'aria-label': 'Draft of the reply', spellcheck: 'true' });
  const actions = element('div', { class: 'actions' });
  const origin = element('p', { class: 'made-by' });
  const card = element('article', { class: 'card', 'aria-label': 'Draft' }, field, actions, origin);
  let attempt = request.attempt;

  const write = async (answer: GenerationAnswer): Promise<void> => {
    card.classList.add('writing');
    card.setAttribute('aria-busy', 'true');
    field.readOnly = true;
    markGeneration(field, controls, answer);
    origin.textContent = madeBy(answer);
    await reveal(answer.text, (soFar) => (field.value = soFar));
    field.readOnly = false;
    card.classList.remove('writing');
    card.removeAttribute('aria-busy');
    card.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  };

  const regenerate = async (): Promise<void> => {
    attempt += 1;
    await write(await requestGeneration({ ...request, attempt }));
  };

  const send = toolButton('Send', { class: 'primary', 'data-tacit-action': 'send' }, () => {
    field.readOnly = true;
    actions.replaceChildren(element('span', { class: 'done' }, 'Sent ✓'));
  });
  const copy = toolButton('Copy', { 'data-tacit-copy': '' }, () => copyText(field.value));
  const again = toolButton('Regenerate', { 'data-tacit-action': 'regenerate' }, () => void regenerate());
  const discard = toolButton('Discard', { 'data-tacit-action': 'reject' }, () => {
    card.classList.add('gone');
    card.replaceChildren('You discarded this draft.');
  });
  const controls = [send, copy, again, discard];
  actions.append(...controls);
  void write(first);
  return card;
}
