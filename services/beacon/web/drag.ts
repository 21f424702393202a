// Text of a generation that is dragged somewhere else. In: drags of a selection. Out: copies, once it was dropped.
import type { Attribution } from './attribution.js';
import type { Copies } from './copy.js';
import { isPrivate, originOf } from './dom.js';
import type { Listen } from './listen.js';

export function watchDrags(listen: Listen, copies: Copies): void {
  let dragged: Attribution[] = [];
  listen(['dragstart', 'dragend'], (event) => {
    const { dataTransfer, type, isTrusted } = event;
    if (type === 'dragend' && dataTransfer?.dropEffect !== 'none')
      dragged.forEach((part) => copies.report(part, 'drag'));
    // A link or a picture is dragged without a text.
    const isText = type === 'dragstart' && isTrusted && dataTransfer?.types.includes('text/plain');
    dragged = isText && !isPrivate(originOf(event)) ? copies.taken(event) : [];
  });
}
