// Selects and drags as a hand does. In: elements (also in open shadow trees) and character offsets in their first text.
// Out: moves and presses of the real mouse.
import type { Locator, Page } from 'playwright-core';

export type Place = readonly [element: Locator, offset: number];

/** The point in the page just before a character of the element's first text node. */
async function pointOf([element, offset]: Place): Promise<{ x: number; y: number }> {
  await element.scrollIntoViewIfNeeded();
  const inFrame = await element.evaluate((node, offset) => {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const text = walker.nextNode() as Text;
    const range = document.createRange();
    const last = offset === text.length;
    range.setStart(text, last ? offset - 1 : offset);
    range.setEnd(text, last ? offset : offset + 1);
    const box = range.getBoundingClientRect();
    const frame = node.ownerDocument.defaultView?.frameElement?.getBoundingClientRect();
    return {
      x: (last ? box.right - 1 : box.left + 1) + (frame?.left ?? 0),
      y: (box.top + box.bottom) / 2 + (frame?.top ?? 0),
    };
  }, offset);
  return inFrame;
}

/** Presses the mouse at one place, moves it to another and lets go. */
export async function sweep(page: Page, from: Place, to: Place): Promise<void> {
  const start = await pointOf(from);
  const end = await pointOf(to);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
  await page.mouse.move(end.x, end.y, { steps: 4 });
  await page.mouse.up();
}

/** Takes hold of what is selected at one place and drops it in the middle of an element. */
export async function dragTo(page: Page, from: Place, target: Locator): Promise<void> {
  const start = await pointOf(from);
  const box = await target.boundingBox();
  if (!box) throw new Error('there is no place to drop it');
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 20, start.y + 5, { steps: 5 });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 });
  await page.mouse.up();
}

/** Selects the word at a place. */
export async function pressTwice(page: Page, place: Place): Promise<void> {
  const { x, y } = await pointOf(place);
  await page.mouse.dblclick(x, y);
}
