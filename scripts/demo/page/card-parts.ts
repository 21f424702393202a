// Parts that the cards of answers and of drafts have in common.
import { element } from './element.js';
import type { GenerationAnswer } from './wire.js';

/** Which prompt and model wrote it, for the line under a card. */
export function madeBy(answer: GenerationAnswer): string {
  return `${answer.promptId} · prompt version ${answer.promptVersion} · ${answer.model} ${answer.modelVersion}`;
}

export function toolButton(
  label: string,
  attributes: Readonly<Record<string, string>>,
  onClick: () => void,
): HTMLButtonElement {
  const button = element('button', { type: 'button', ...attributes }, label);
  button.addEventListener('click', onClick);
  return button;
}

/** A button that stays pressed; pressing it releases its rivals. */
export function pressable(
  sign: string,
  label: string,
  attributes: Readonly<Record<string, string>>,
  rivals: () => readonly HTMLElement[],
): HTMLButtonElement {
  const button = toolButton(sign, { ...attributes, 'aria-label': label, 'aria-pressed': 'false' }, () => {
    for (const rival of rivals()) rival.setAttribute('aria-pressed', 'false');
    button.setAttribute('aria-pressed', 'true');
  });
  return button;
}
