// The part that reads texts, to compare or to recognise them: loaded when a page has its first generation, so that all
// other pages do without. What it learns are counts; no text leaves it.
import type { Copies } from './copy.js';
import { watchDrags } from './drag.js';
import type { Edits, OnEdit } from './edit.js';
import { watchEdits } from './edit.js';
import type { Listen } from './listen.js';
import type { Recognition } from './recognise.js';
import { watchWritten } from './recognise.js';
import type { Registry } from './registry.js';
import { compare } from './similarity.js';
import type { Difference } from './wire.js';

export interface Reader extends Edits, Recognition {
  compare(before: string, after: string): Difference;
}

/** What the loaded file offers. */
export interface ReaderModule {
  createReader: (registry: Registry, listen: Listen, copies: Copies, onEdit: OnEdit) => Reader;
}

export function createReader(registry: Registry, listen: Listen, copies: Copies, onEdit: OnEdit): Reader {
  watchDrags(listen, copies);
  return { ...watchEdits(registry, listen, onEdit), ...watchWritten(registry, listen, copies), compare };
}
