// How many characters of a generation are selected. In: elements and ranges. Out: counts. Leaves out what is not the
// generation's text: controls, private parts, and other generations nested in it.
import { ACTION, COPY, GENERATION, NO_CAPTURE } from './dom.js';

/** Lengths in UTF-16 units. */
export interface Extent {
  chars: number;
  of: number;
  /** Everything selected is code. */
  code: boolean;
}

const NOT_TEXT = `button,script,style,textarea,[${COPY}],[${ACTION}],[${NO_CAPTURE}],[${GENERATION}]`;

/** The text nodes that hold a generation's text: not the indentation between its elements. */
export function textsOf(root: Element): Text[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    const other = text.parentElement?.closest(NOT_TEXT);
    if (other && other !== root && root.contains(other)) continue;
    if (/\S|^[^\n]+$/.test(text.data) || text.parentElement?.closest('pre')) texts.push(text);
  }
  return texts;
}

/** Part of a text node that a range covers. */
function covered(text: Text, range: Range): number {
  if (!range.intersectsNode(text)) return 0;
  const start = range.startContainer === text ? range.startOffset : 0;
  const end = range.endContainer === text ? range.endOffset : text.length;
  return end - start;
}

/** What of `root` the ranges cover. */
export function extentOf(root: Element, ranges: readonly Range[]): Extent {
  const extent = { chars: 0, of: 0, code: true };
  for (const text of textsOf(root)) {
    let chars = 0;
    for (const range of ranges) chars += covered(text, range);
    extent.of += text.length;
    extent.chars += chars;
    if (chars && text.data.trim() && !text.parentElement?.closest('pre,code')) extent.code = false;
  }
  return extent;
}

/** The ranges of the selection. */
export function selectedRanges(): Range[] {
  const selection = getSelection();
  return Array.from({ length: selection?.rangeCount ?? 0 }, (_, i) => (selection as Selection).getRangeAt(i));
}
