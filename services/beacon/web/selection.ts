// How many characters of a generation are selected. In: elements and the selection. Out: counts. Leaves out what is not the generation's text: controls, private parts, the line numbers of
// editors, and other generations nested in it.
import { ACTION, COPY, GENERATION, NO_CAPTURE } from './dom.js';

/** Lengths in UTF-16 units. */
export interface Extent {
  chars: number;
  of: number;
  /** Everything selected is code. */
  code: boolean;
}

/** What of a document's selection touches a node. */
export type Selected = (node: Node) => Range[];

const NOT_TEXT = `button,script,style,textarea,.cm-gutters,.margin,[${COPY}],[${ACTION}],[${NO_CAPTURE}],[${GENERATION}]`;

const isText = (node: Node): node is Text => 'wholeText' in node;

/** The text nodes that hold a generation's text, also in open shadow trees: not the indentation between its elements. */
export function textsOf(root: Node): Text[] {
  return [...root.childNodes, ...((root as Partial<Element>).shadowRoot?.childNodes ?? [])].flatMap((node) => {
    if (!isText(node)) return (node as Partial<Element>).matches?.(NOT_TEXT) ? [] : textsOf(node);
    return /\S|^[^\n]+$/.test(node.data) || node.parentElement?.closest('pre') ? node : [];
  });
}

/** What of `root` is selected. */
export function extentOf(root: Element, selected: Selected): Extent {
  const extent = { chars: 0, of: 0, code: true };
  // A page may hold a thousand generations: only those that are touched are read.
  if (!selected(root).length) return extent;
  for (const text of textsOf(root)) {
    let chars = 0;
    for (const range of selected(text))
      chars +=
        (range.endContainer === text ? range.endOffset : text.length) -
        (range.startContainer === text ? range.startOffset : 0);
    extent.of += text.length;
    extent.chars += chars;
    if (chars && text.data.trim() && !text.parentElement?.closest('pre,code')) extent.code = false;
  }
  return extent;
}
