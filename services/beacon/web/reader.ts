// The part that reads texts, to compare or to recognise them: loaded when a page has its first generation, so that all
// other pages do without. What it learns are counts; no text leaves it.
import type { Attribution } from './attribution.js';
import { attribute } from './attribution.js';
import type { Written } from './clipboard.js';
import type { Edits, OnEdit } from './edit.js';
import { watchEdits } from './edit.js';
import type { Listen } from './listen.js';
import type { Registry } from './registry.js';
import { compare } from './similarity.js';
import type { Difference } from './wire.js';

export interface Reader extends Edits {
  compare(before: string, after: string): Difference;
  /** Whose text was written to the clipboard; `control` is what was clicked just before. */
  attribute(data: Written, control: unknown): Promise<Attribution | undefined>;
}

/** What the loaded file offers. */
export interface ReaderModule {
  createReader: (registry: Registry, listen: Listen, onEdit: OnEdit) => Reader;
}

async function textOf(items: ClipboardItem[]): Promise<string> {
  const item = items.find(({ types }) => types.includes('text/plain'));
  return item ? await (await item.getType('text/plain')).text() : '';
}

export function createReader(registry: Registry, listen: Listen, onEdit: OnEdit): Reader {
  return {
    ...watchEdits(registry, listen, onEdit),
    compare,
    attribute: async (data, control) =>
      attribute(typeof data === 'string' ? data : await textOf(data), control, registry),
  };
}
