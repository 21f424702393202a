// A reply to a mail in an editable field: change it, send it, copy it, or throw it away.
import { toolButton } from './buttons.js';
import { createCard } from './card.js';
import { copyText } from './clipboard.js';
import { element } from './element.js';
import type { GenerationAnswer, GenerationRequest } from './wire.js';

/** Makes the card and begins to write the draft into it. */
export function draftCard(request: GenerationRequest, first: GenerationAnswer): HTMLElement {
  const root = element('textarea', { rows: '9', 'aria-label': 'Draft of the reply', spellcheck: 'true' });
  const show = (soFar: string) => (root.value = soFar);
  const lock = (writing: boolean) => (root.readOnly = writing);
  const card = createCard({ label: 'Draft', root, show, lock }, request, first);

  const send = toolButton('Send', { class: 'primary', 'data-tacit-action': 'send' }, () => {
    root.readOnly = true;
    card.finish('Sent ✓');
  });
  const copy = toolButton('Copy', { 'data-tacit-copy': '' }, () => copyText(root.value));
  const again = toolButton('Regenerate', { 'data-tacit-action': 'regenerate' }, card.regenerate);
  const discard = toolButton('Discard', { 'data-tacit-action': 'reject' }, () =>
    card.close('You discarded this draft.'),
  );
  card.begin([send, copy, again, discard]);
  return card.element;
}
