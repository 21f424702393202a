// The selection of a document, all its ranges, across the bounds of open shadow trees. In: a document and the shadow roots that are
// followed. Out: what of the selection touches a node, in the node's own tree.
import type { Selected } from './selection.js';

/** The part of a range that lies in one tree, of a document or a shadow root. */
function clip(range: AbstractRange, tree: Node): Range | undefined {
  /** The node, or what hosts it in that tree. */
  const inTree = (node: Node | undefined): Node | undefined =>
    !node || node.getRootNode() === tree ? node : inTree((node.getRootNode() as Partial<ShadowRoot>).host);
  const start = inTree(range.startContainer);
  const end = inTree(range.endContainer);
  const { host } = tree as Partial<ShadowRoot>;
  // An end that lies outside covers the tree from there when the selection covers its host.
  if (!(start && end) && !(host && clip(range, host.getRootNode())?.intersectsNode(host))) return undefined;
  const part = document.createRange();
  part.selectNodeContents(tree);
  if (start === range.startContainer) part.setStart(start, range.startOffset);
  else if (start) part.setStartBefore(start);
  if (end === range.endContainer) part.setEnd(end, range.endOffset);
  else if (end) part.setEndAfter(end);
  return part;
}

export function composedSelectionOf(document: Document, trees: Iterable<Document | ShadowRoot>): Selected {
  const shadowRoots = [...trees].filter((tree) => 'host' in tree);
  const selection = document.getSelection() as Selection;
  const ranges: AbstractRange[] =
    shadowRoots.length && 'getComposedRanges' in selection
      ? selection.getComposedRanges({ shadowRoots })
      : Array.from({ length: selection.rangeCount }, (_, i) => selection.getRangeAt(i));
  const parts = new Map<Node, Range[]>();
  return (node) => {
    const tree = node.getRootNode();
    const known = parts.get(tree) ?? ranges.flatMap((range) => clip(range, tree) ?? []);
    parts.set(tree, known);
    return known.filter((range) => range.intersectsNode(node));
  };
}
