// One way of copying: a page, what a person does in it, and the copies that must be stored of it.
import type { Page } from 'playwright-core';
import { TEXT } from './beacon-page.js';
import { sweep } from './real-pointer.js';

export const SECOND = 'Nineteen crimson giraffes whistle softly beneath the lighthouse every Saturday.';
export const CODE = 'const answer = compute(6 * 7);';
export const PROMPT = 'Please describe the animals near both of the buildings.';
/** Length of the text of the first generation. */
export const ALL = TEXT.length;

/** Generation, characters, of how many, by what, which part. */
export type Copied = readonly [generation: string, chars: number, of: number, method: string, part: '' | 'code'];

export interface CopyCase {
  readonly title: string;
  /** The page, with the ids of its two generations. */
  readonly body: (g: string, h: string) => string;
  readonly act: (page: Page) => Promise<unknown>;
  readonly copies: (g: string, h: string) => readonly Copied[];
  /** Copies that the page knows of without knowing whose text it was; none by default. */
  readonly unattributed?: number;
}

export const first = (g: string): string => `<p id="g" data-tacit-generation="${g}">${TEXT}</p>`;
export const second = (h: string): string => `<p id="h" data-tacit-generation="${h}">${SECOND}</p>`;
export const button = (program: string, id = 'b'): string => `<button id="${id}">Copy</button>
  <script>document.querySelector('#${id}').addEventListener('click', () => { ${program} });</script>`;

/** Puts `inside` into an open shadow root, which is attached. */
export const inShadow = (inside: string, attributes = ''): string => `<div id="host" ${attributes}></div><script>
  {
    const root = document.querySelector('#host').attachShadow({ mode: 'open' });
    root.innerHTML = \`${inside}\`;
    tacit.attach(root);
  }
</script>`;

/** A copy that is always seen: what comes before it and is not stored has really not been counted. */
export async function copyFirst(page: Page): Promise<void> {
  await sweep(page, [page.locator('#g'), 0], [page.locator('#g'), ALL]);
  await page.keyboard.press('Control+c');
}
export const firstCopied = (g: string): Copied => [g, ALL, ALL, 'keyboard', ''];
