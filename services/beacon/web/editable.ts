// The places a person edits text in: fields and editable elements. In: an element. Out: its text, as lines. No layout is
// forced. Editors that keep their text to themselves are not among them: their adapters tell of it.
import { isField, isPrivate } from './dom.js';

/** Most places that are looked at for the text of one accepted generation. */
export const PLACES_MAX = 50;

const PLACES = 'textarea,input,[contenteditable]';

/** CodeMirror, ProseMirror (TipTap) and Monaco: most of their changes cause no event, and not all of the text is there. */
const EDITORS = '.cm-editor,.ProseMirror,.monaco-editor';

/** Input elements that hold a text. */
const TEXTUAL = /^(text|search|url|email|tel)$/;

const BLOCK = /^(DIV|P|LI|UL|OL|PRE|BLOCKQUOTE|H[1-6]|TR|SECTION|ARTICLE)$/;

/** Whether a person can edit a text here and the beacon may read it. */
export function isPlace(node: unknown): node is HTMLElement {
  const element = node as HTMLElement;
  if (!element?.closest || isPrivate(element) || element.closest(EDITORS)) return false;
  if (isField(element)) return element.tagName !== 'INPUT' || TEXTUAL.test(element.type);
  return element.isContentEditable;
}

/** The element that is editable as a whole, for a node inside it. */
export function placeOf(node: unknown): HTMLElement | undefined {
  if (!isPlace(node)) return undefined;
  let place: HTMLElement = node;
  while (!isField(place) && place.parentElement?.isContentEditable) place = place.parentElement;
  return place;
}

/** The places under some roots, where the person is first. */
export function placesIn(roots: Iterable<ParentNode>): HTMLElement[] {
  const found = [...roots].flatMap((root) => [...root.querySelectorAll(PLACES)]);
  const places = new Set([placeOf(document.activeElement), ...found.map(placeOf)]);
  places.delete(undefined);
  return [...places].slice(0, PLACES_MAX) as HTMLElement[];
}

function linesOf(parent: Node): string {
  let text = '';
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    const before = node.previousSibling;
    if (before && (BLOCK.test(node.nodeName) || BLOCK.test(before.nodeName))) text += '\n';
    if (node.nodeType === Node.TEXT_NODE) text += (node as Text).data;
    // The last break of a block only keeps its line open.
    else if (node.nodeName === 'BR') text += node.nextSibling ? '\n' : '';
    else text += linesOf(node);
  }
  return text;
}

export function textOf(place: Element): string {
  return isField(place) ? place.value : linesOf(place);
}
