// A tip in a web component: its text and its copy button stand in a shadow root of their own, which the beacon is shown.
import { requestGeneration } from './backend.js';
import { beacon } from './beacon.js';
import { toolButton } from './buttons.js';
import { copyText } from './clipboard.js';
import { element } from './element.js';
import { markGeneration } from './mark-generation.js';
import { parseMarkdown } from './markdown.js';
import { renderBlocks } from './render-blocks.js';

/** What the tip shows. */
const ITEM = 'friday-release';

const STYLE = `
  :host { display: block; margin-top: 0.7rem; padding: 0.8rem 0.9rem; border: 1px solid var(--line); border-radius: 10px;
    background: var(--ground); }
  .text > * { margin: 0 0 0.6rem; }
  .text :is(ul, ol) { padding-left: 1.2rem; }
  button { padding: 0.3rem 0.7rem; border: 1px solid var(--line); border-radius: 9px; background: var(--paper);
    color: inherit; font: inherit; cursor: pointer; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;

/** Asks for a tip and shows it in a component of its own. */
export async function tipCard(): Promise<HTMLElement> {
  const answer = await requestGeneration({ item: ITEM, attempt: 1 });
  const card = document.createElement('finch-tip');
  const root = card.attachShadow({ mode: 'open' });
  const style = new CSSStyleSheet();
  style.replaceSync(STYLE);
  root.adoptedStyleSheets = [style];
  const text = element('div', { class: 'text' }, ...renderBlocks(parseMarkdown(answer.text), copyText));
  const copy = toolButton('Copy the tip', { 'data-tacit-copy': '' }, () => copyText(answer.text));
  markGeneration(text, [copy], answer);
  root.append(text, copy);
  beacon().attach(root);
  return card;
}
