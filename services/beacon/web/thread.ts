// Whether one generation is the next answer after another in the same conversation. In: elements. Out: yes only when it
// is plain, because a wrong hint is worse than none: cards and feeds look much like a chat.

/** Levels above an element that are looked at. */
export const LEVELS_MAX = 12;

/** What follows an element, its parent, and so on upwards; nothing where it was the last. */
export type Followers = (WeakRef<Element> | undefined)[];

export function followersOf(element: Element): Followers {
  const followers: Followers = [];
  for (let at: Element | null = element; at && followers.length < LEVELS_MAX; at = at.parentElement)
    followers.push(at.nextElementSibling ? new WeakRef(at.nextElementSibling) : undefined);
  return followers;
}

const precedes = (one: Node, other: Node): boolean =>
  !!(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);

/**
 * Whether `next` stands in a row of its own behind the row of `element`: in the same list, by the same way down, and put
 * there since `followers` (those of `element`) were looked up.
 */
export function isNextInThread(element: Element, followers: Followers, next: Element): boolean {
  let row = element;
  let nextRow = next;
  let level = 0;
  for (; row.parentNode !== nextRow.parentNode; level++) {
    if (row.tagName !== nextRow.tagName || !row.parentElement || !nextRow.parentElement) return false;
    row = row.parentElement;
    nextRow = nextRow.parentElement;
  }
  if (!row.parentNode || row.tagName !== nextRow.tagName || level >= followers.length || !precedes(row, nextRow))
    return false;
  const follower = followers[level];
  if (!follower) return true;
  const known = follower.deref();
  return known?.parentNode === row.parentNode && precedes(nextRow, known);
}
