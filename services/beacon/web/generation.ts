// What the page knows of one generation while it lives: its description, and how far it has come. By id, never by
// element: frameworks put the next answer into the same node.
import type { GenerationEntry } from './wire.js';

export interface Generation {
  readonly id: string;
  /** Replaced, never changed: queued events hold on to it. */
  entry: GenerationEntry;
  /** What the product says its text is (often Markdown), to recognise what a copy button writes. Stays in memory. */
  text?: string;
  /** When it first came into sight, ms since the epoch; 0 before. */
  firstVisible: number;
  /** Start of the stretch of sight that is not yet in `visibleMs`; 0 while out of sight. */
  visibleSince: number;
  visibleMs: number;
  shown: boolean;
  /** Its text has ended: the host said so, or it has stopped growing. */
  settled: boolean;
  /** Somebody did something with it. */
  acted: boolean;
  /** A hint that it was ignored has been recorded. */
  ignored: boolean;
}

export function createGeneration(id: string): Generation {
  return {
    id,
    entry: {},
    firstVisible: 0,
    visibleSince: 0,
    visibleMs: 0,
    shown: false,
    settled: false,
    acted: false,
    ignored: false,
  };
}
