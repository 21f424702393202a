// A short message at the foot of the page.
import { byId } from './element.js';

const SHOWN_MS = 1800;
let timer: ReturnType<typeof setTimeout> | undefined;

export function toast(message: string): void {
  const place = byId('toast', HTMLElement);
  place.textContent = message;
  place.classList.add('on');
  clearTimeout(timer);
  timer = setTimeout(() => place.classList.remove('on'), SHOWN_MS);
}
