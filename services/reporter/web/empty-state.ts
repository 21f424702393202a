// What stands where there are no figures: why, and what to do. In: what is known. Out: markup.
import type { WindowState } from '../figures/window-state.js';
import { html, type Html } from './html.js';
import { shortDay } from '../comparisons/verdict-words.js';

export interface EmptyHints {
  /** Whether there is a demo page to open. */
  readonly demo: boolean;
  /** Whether any event was ever stored. */
  readonly everStored: boolean;
  /** Whether the page is narrowed to a prompt. */
  readonly narrowed: boolean;
  readonly window: WindowState;
}

export function emptyState({ demo, everStored, narrowed, window }: EmptyHints): Html {
  if (everStored && window.kind === 'missing')
    return empty(
      'This period has not been computed yet.',
      'Events have arrived. The roll-up computes the last 7, 28 and 90 days after each change; it shows here as soon as it has.',
    );
  if (narrowed) return empty('Nothing matches.', 'No figures for this prompt in this period.');
  if (everStored)
    return empty(
      'No figures in this period yet.',
      'Events have arrived; they show here once they are rolled up, or when you choose a longer period.',
    );
  return empty(
    'No events yet.',
    demo
      ? 'Open the demo page and copy, edit or dismiss an answer. It shows here within seconds.'
      : 'Add the beacon to a page, or send events with this project’s key. They show here within seconds.',
  );
}

export function empty(title: string, text: string): Html {
  return html`<div class="empty">
    <p class="empty-title">${title}</p>
    <p>${text}</p>
  </div>`;
}

/** What a reader must know of a window that is not of today. */
export function windowNote(window: WindowState): Html | null {
  if (window.kind !== 'kept' || !window.behind) return null;
  return html`<p class="warning">
    These figures end with ${shortDay(window.lastDay)}: the roll-up has not computed this period anew since then.
  </p>`;
}
