// The frame that answers and drafts share: a text that writes itself, controls under it, and a line that says who wrote it.
// Names the generation to the beacon before a word of it is shown.
import { requestGeneration } from './backend.js';
import { toolButton } from './buttons.js';
import { element } from './element.js';
import { generationIsWritten, markGeneration } from './mark-generation.js';
import { reveal } from './reveal.js';
import { toast } from './toast.js';
import type { GenerationAnswer, GenerationRequest } from './wire.js';

export interface CardBody {
  readonly label: string;
  /** Holds the text of the generation and nothing else. */
  readonly root: HTMLElement;
  readonly show: (soFar: string) => void;
  /** Called when writing begins (true) and ends (false). */
  readonly lock: (writing: boolean) => void;
}

export interface Card {
  readonly element: HTMLElement;
  /** The answer that is shown now, as far as it was written. */
  readonly shown: () => GenerationAnswer;
  /** Puts the controls under the text and begins to write. */
  readonly begin: (controls: readonly HTMLElement[]) => void;
  /** Asks for another answer and writes it in place of this one. */
  readonly regenerate: () => void;
  /** Takes the controls away and puts a few words in their place. */
  readonly finish: (sentence: string) => void;
  /** Takes everything away but a sentence. */
  readonly close: (sentence: string) => void;
}

export function createCard(body: CardBody, request: GenerationRequest, first: GenerationAnswer): Card {
  const actions = element('div', { class: 'actions' });
  const origin = element('p', { class: 'made-by' });
  let stopping = new AbortController();
  const stop = toolButton('Stop', { class: 'stop', 'data-tacit-action': 'stop' }, () => stopping.abort());
  const card = element('article', { class: 'card', 'aria-label': body.label, tabindex: '-1' });
  card.append(body.root, actions, origin);
  let controls: readonly HTMLElement[] = [];
  let shown = first;
  let attempt = request.attempt;

  const setWriting = (writing: boolean): void => {
    card.classList.toggle('writing', writing);
    card.setAttribute('aria-busy', String(writing));
    body.lock(writing);
  };

  const write = async (answer: GenerationAnswer): Promise<void> => {
    shown = answer;
    setWriting(true);
    stopping = new AbortController();
    markGeneration(body.root, [...controls, stop], answer);
    origin.textContent = madeBy(answer);
    shown = { ...answer, text: await reveal(answer.text, body.show, stopping.signal) };
    generationIsWritten(answer);
    setWriting(false);
    card.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  };

  const regenerate = async (): Promise<void> => {
    setWriting(true);
    try {
      await write(await requestGeneration({ ...request, attempt: attempt + 1 }));
      attempt += 1;
    } catch {
      setWriting(false);
      toast('Finch does not answer. Is it still running?');
    }
  };

  return {
    element: card,
    shown: () => shown,
    begin: (given) => {
      controls = given;
      actions.append(stop, ...given);
      void write(first);
    },
    regenerate: () => void regenerate(),
    finish: (sentence) => {
      actions.replaceChildren(element('span', { class: 'done' }, sentence));
      card.focus();
    },
    close: (sentence) => {
      card.classList.add('gone');
      card.replaceChildren(sentence);
      card.focus();
    },
  };
}

function madeBy({ promptId, promptVersion, model, modelVersion }: GenerationAnswer): string {
  return `${promptId} · prompt version ${promptVersion} · ${model} ${modelVersion}`;
}
