// Whether something lies over an element (a dialog, a menu). In: an element in sight. Out: yes or no, by looking at a few
// points of its visible part. The browser's own test (`trackVisibility`) also says no for a corner under a floating button,
// a filter or a transform, so that ordinary answers would never count as seen.
import { DEBUG_HOST, closest } from './dom.js';

/** Where to look, as shares of the visible part's height; one open point is enough. */
const POINTS = [0.5, 0.25, 0.75];

function isAt(element: Element, x: number, y: number): boolean {
  const hit = (element.getRootNode() as Document | ShadowRoot).elementFromPoint(x, y);
  // Behind the element itself, or through it, lies what it stands in. What only a developer sees covers nothing.
  return (
    !!hit &&
    (hit.localName === DEBUG_HOST || element.contains(hit) || hit.contains(element) || closest(hit, '*') === element)
  );
}

export function isCovered(element: Element): boolean {
  const { innerHeight: height, innerWidth: width } = element.ownerDocument.defaultView ?? window;
  const box = element.getBoundingClientRect();
  const top = Math.max(box.top, 0);
  const bottom = Math.min(box.bottom, height);
  const x = (Math.max(box.left, 0) + Math.min(box.right, width)) / 2;
  return bottom > top && !POINTS.some((share) => isAt(element, x, top + (bottom - top) * share));
}
