// Turns parsed Markdown into elements; code blocks get a head with a copy button.
import { element } from './element.js';
import type { Block, Inline } from './markdown.js';

export function renderBlocks(blocks: readonly Block[], copyCode: (text: string) => void): HTMLElement[] {
  return blocks.map((block) => {
    if (block.kind === 'paragraph') return element('p', {}, ...block.inlines.map(renderInline));
    if (block.kind === 'code') return renderCode(block.language, block.text, copyCode);
    const items = block.items.map((item) => element('li', {}, ...item.map(renderInline)));
    return block.start === undefined
      ? element('ul', {}, ...items)
      : element('ol', { start: String(block.start) }, ...items);
  });
}

function renderInline({ kind, text }: Inline): Node | string {
  if (kind === 'text') return text;
  return element(kind === 'bold' ? 'strong' : 'code', {}, text);
}

function renderCode(language: string, text: string, copyCode: (text: string) => void): HTMLElement {
  const button = element('button', { type: 'button', 'aria-label': `Copy this ${language} code` }, 'Copy code');
  button.addEventListener('click', () => copyCode(text));
  const head = element('div', { class: 'code-head' }, element('span', {}, language), button);
  return element('div', { class: 'code' }, head, element('pre', { tabindex: '0' }, element('code', {}, text)));
}
