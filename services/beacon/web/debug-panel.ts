// The panel of the debug overlay: what holds for the page as a whole, and a row for each of the newest generations. In: what to
// show. Out: an element in a shadow root of its own, which the beacon and the page's styles do not reach.
import { make, opens, say } from './debug-dom.js';
import { DEBUG_STYLE } from './debug-style.js';
import { DEBUG_HOST, NO_CAPTURE } from './dom.js';

const CORNERS = 4;

export interface DebugPanel {
  readonly host: HTMLElement;
  /** Newest first. */
  readonly rows: HTMLUListElement;
  readonly isOpen: () => boolean;
  /** One line that is there also when the panel is closed. */
  title: (text: string) => void;
  /** Facts by name, in the order they are first given. */
  fact: (name: string, text: string) => void;
  /** What stands below the rows; empty: nothing. */
  note: (text: string) => void;
  /** Draws a frame over this element, or takes it away. */
  mark: (element?: Element) => void;
}

function createFacts(list: HTMLElement): (name: string, text: string) => void {
  const facts = new Map<string, HTMLElement>();
  return (name, text) => {
    let fact = facts.get(name);
    if (!fact) {
      fact = make('dd');
      facts.set(name, fact);
      list.append(make('dt', {}, name), fact);
    }
    say(fact, text);
  };
}

/** `opened` is called when somebody opens the panel. */
export function createDebugPanel(opened: () => void): DebugPanel {
  const toggle = make('button', { type: 'button', 'aria-controls': 'body' });
  const move = make('button', { type: 'button', 'aria-label': 'Move to the next corner' }, '↻');
  const facts = make('dl');
  const rows = make('ul', { 'aria-label': 'Generations' });
  const note = make('p');
  const body = make('div', { id: 'body', tabindex: '0', role: 'group', 'aria-label': 'What was seen and sent' });
  const frame = make('div', { id: 'mark', 'aria-hidden': 'true' });
  const section = make('section', { 'aria-label': 'tacit debug', 'data-corner': '0' });
  body.append(facts, rows, note);
  section.append(make('header', {}, toggle, move), body);
  frame.hidden = true;

  const setOpen = opens(toggle, body, true);
  toggle.addEventListener('click', opened);
  move.addEventListener('click', () => {
    section.dataset['corner'] = String((Number(section.dataset['corner']) + 1) % CORNERS);
  });
  section.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || body.hidden) return;
    setOpen(false);
    toggle.focus();
  });

  const host = document.createElement(DEBUG_HOST);
  host.setAttribute(NO_CAPTURE, '');
  const root = host.attachShadow({ mode: 'open' });
  const style = new CSSStyleSheet();
  style.replaceSync(DEBUG_STYLE);
  root.adoptedStyleSheets = [style];
  root.append(frame, section);

  return {
    host,
    rows,
    isOpen: () => !body.hidden,
    title: (text) => say(toggle, text),
    fact: createFacts(facts),
    note(text) {
      note.hidden = !text;
      say(note, text);
    },
    mark(element) {
      frame.hidden = !element;
      if (!element) return;
      const { left, top, width, height } = element.getBoundingClientRect();
      Object.assign(frame.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    },
  };
}
