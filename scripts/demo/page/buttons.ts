// Buttons of the cards and of the page.
import { element } from './element.js';

export function toolButton(
  label: string,
  attributes: Readonly<Record<string, string>>,
  onClick: () => void,
): HTMLButtonElement {
  const button = element('button', { type: 'button', ...attributes }, label);
  button.addEventListener('click', onClick);
  return button;
}

/** A thumb that stays pressed; pressing it releases its rival. */
export function thumbButton(
  label: string,
  attributes: Readonly<Record<string, string>>,
  rival: () => HTMLElement,
): HTMLButtonElement {
  const button = toolButton('', { ...attributes, 'aria-label': label, 'aria-pressed': 'false' }, () => {
    rival().setAttribute('aria-pressed', 'false');
    button.setAttribute('aria-pressed', 'true');
  });
  button.append(thumbSign());
  return button;
}

/** A thumb that points up, drawn, since not every machine has a font with one. */
function thumbSign(): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const sign = document.createElementNS(namespace, 'svg');
  sign.setAttribute('viewBox', '0 0 24 24');
  sign.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(namespace, 'path');
  line.setAttribute(
    'd',
    'M3 11h4v10H3zM7 11l4-8c2 0 3 1 3 3l-1 4h6c1.5 0 2.3 1.2 2 2.5l-1.6 6.5c-.3 1.2-1.2 2-2.4 2H7',
  );
  for (const [name, value] of [
    ['fill', 'none'],
    ['stroke', 'currentColor'],
    ['stroke-width', '1.8'],
    ['stroke-linejoin', 'round'],
  ] as const)
    line.setAttribute(name, value);
  sign.append(line);
  return sign;
}
