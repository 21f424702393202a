// One generation in the debug overlay: a button with its id and state, below it what was recorded. In: a generation and its
// events. Out: a list item that is brought up to date in place.
import { make, opens, say } from './debug-dom.js';
import type { LoggedEvent } from './debug-log.js';
import { eventText, outcomeOf, shortId, stateOf } from './debug-words.js';
import type { Generation } from './generation.js';

export interface DebugRow {
  readonly item: HTMLLIElement;
  update: (logged: readonly LoggedEvent[]) => void;
}

let made = 0;

/** `mark` is called with the generation while the pointer or the focus is on its row, and with nothing after. */
export function createDebugRow(
  generation: Generation,
  visibleMs: number,
  mark: (generation?: Generation) => void,
): DebugRow {
  const name = make('span', { title: generation.id }, shortId(generation.id));
  const outcome = make('strong');
  const state = make('span', { class: 'soft' });
  const list = make('ul', { id: `events-${made++}` });
  const button = make('button', { type: 'button', 'aria-controls': list.id }, name, ' ', outcome, make('br'), state);
  const item = make('li', {}, button, list);
  const lines = new Map<string, HTMLLIElement>();
  opens(button, list, true);
  item.addEventListener('pointerenter', () => mark(generation));
  item.addEventListener('pointerleave', () => mark());
  button.addEventListener('focus', () => mark(generation));
  button.addEventListener('blur', () => mark());

  return {
    item,
    update(logged) {
      const events = logged.map(({ event }) => event);
      say(outcome, outcomeOf(generation, events, visibleMs));
      say(state, stateOf(generation, events, Date.now()));
      for (const { event, fate } of logged) {
        const line = lines.get(event.id) ?? list.appendChild(make('li'));
        lines.set(event.id, line);
        line.dataset['fate'] = fate.replace(/\W.*/, '');
        say(line, `${eventText(event)} → ${fate}`);
      }
      while (lines.size > logged.length) {
        const [oldest] = lines.keys();
        lines.get(oldest ?? '')?.remove();
        lines.delete(oldest ?? '');
      }
    },
  };
}
