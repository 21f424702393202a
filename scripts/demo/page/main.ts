// Wires the demo page: suggestions, the question field, the tip, and the button that makes a new visitor.
import { becomeAnotherVisitor, fetchSuggestions } from './backend.js';
import { askQuestion, askSuggestion } from './conversation.js';
import { byId } from './element.js';
import { toolButton } from './buttons.js';
import { tipCard } from './tip-card.js';
import { toast } from './toast.js';

async function showSuggestions(): Promise<void> {
  const questions = byId('questions', HTMLElement);
  const mails = byId('mails', HTMLElement);
  for (const suggestion of await fetchSuggestions()) {
    const { chip, id, mail, title } = suggestion;
    const button = toolButton(chip, { title, 'data-item': id }, () => void askSuggestion(suggestion));
    (mail === undefined ? questions : mails).append(button);
  }
}

byId('ask', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const field = byId('question', HTMLInputElement);
  const question = field.value.trim();
  if (question === '') return;
  field.value = '';
  void askQuestion(question);
});

byId('new-visitor', HTMLButtonElement).addEventListener('click', () => {
  becomeAnotherVisitor().then(
    () => location.reload(),
    () => toast('That did not work. Is Finch still running?'),
  );
});

byId('show-tip', HTMLButtonElement).addEventListener('click', () => {
  tipCard().then(
    (card) => byId('tip', HTMLElement).replaceChildren(card),
    () => toast('Finch does not answer. Is it still running?'),
  );
});

showSuggestions().catch(() => toast('The suggestions could not be loaded'));
