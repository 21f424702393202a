// The conversation: what was asked, and a card for what came back.
import { answerCard } from './answer-card.js';
import { requestGeneration } from './backend.js';
import { draftCard } from './draft-card.js';
import { byId, element } from './element.js';
import { toast } from './toast.js';
import type { GenerationRequest, Suggestion } from './wire.js';

export function startConversation(): void {
  byId('thread', HTMLElement).querySelector('.welcome')?.remove();
}

export async function askSuggestion(suggestion: Suggestion): Promise<void> {
  const { mail } = suggestion;
  const asked =
    mail === undefined
      ? element('p', { class: 'asked' }, suggestion.title)
      : element(
          'div',
          { class: 'asked mail' },
          element('b', {}, mail.subject),
          element('small', {}, `from ${mail.from}`),
          element('p', {}, mail.text),
        );
  await ask(asked, { item: suggestion.id, attempt: 0 });
}

export async function askQuestion(question: string): Promise<void> {
  await ask(element('p', { class: 'asked' }, question), { question, attempt: 0 });
}

async function ask(asked: HTMLElement, request: GenerationRequest): Promise<void> {
  const thread = byId('thread', HTMLElement);
  startConversation();
  thread.append(asked);
  try {
    const answer = await requestGeneration(request);
    const again = { item: answer.item, attempt: request.attempt };
    const card = answer.kind === 'answer' ? answerCard(again, answer) : draftCard(again, answer);
    thread.append(card);
    asked.scrollIntoView({ block: 'start', behavior: 'smooth' });
  } catch {
    asked.remove();
    toast('Finch does not answer. Is it still running?');
  }
}
