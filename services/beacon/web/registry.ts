// The generations of this page by id: from data attributes, found and followed by one MutationObserver, and from calls.
// It watches attributes and added nodes only: following text would cost a streaming page milliseconds a token.
import { GENERATION, ROOT, isPrivate } from './dom.js';
import type { Generation } from './generation.js';
import { createGeneration } from './generation.js';
import { forgetOldest, guard } from './guard.js';
import { uuid7 } from './ids.js';
import type { GenerationEntry } from './wire.js';

/** Most generations a page remembers; beyond, the oldest are forgotten. */
export const GENERATIONS_MAX = 2000;

const FIELDS = ['token', 'promptId', 'promptVersion', 'model', 'modelVersion', 'generatedAt'] as const;

/** `promptVersion` is given by `data-tacit-prompt-version`, and `promptId` by `data-tacit-prompt`. */
const attributeOf = (field: string): string =>
  `data-tacit-${field.replace('Id', '').replace(/[A-Z]/, '-$&').toLowerCase()}`;

export interface Registry {
  /** The generation of that id, made known (and reported as new) when it is not. */
  ensure(id: string, entry?: GenerationEntry): Generation;
  get(id: string | null | undefined): Generation | undefined;
  all(): Iterable<Generation>;
  /** Every element that carries a generation's text, in the document and the attached shadow roots. */
  roots(): Element[];
  /** The document and what else is followed. */
  trees(): Iterable<Document | ShadowRoot>;
  /** Follows a document (also one of a frame) or a shadow root. */
  attach(root: Document | ShadowRoot): void;
  stop(): void;
}

export interface RegistryEvents {
  /** Known from now on. */
  born(generation: Generation): void;
  placed(element: Element): void;
  superseded(generation: Generation): void;
}

function entryOf(element: Element): GenerationEntry {
  const entry: GenerationEntry = {};
  for (const field of FIELDS) {
    const value = element.getAttribute(attributeOf(field));
    if (!value) continue;
    if (field !== 'generatedAt') entry[field] = value;
    else entry[field] = /^\d+$/.test(value) ? Number(value) : Date.parse(value);
  }
  return entry;
}

export function createRegistry(events: RegistryEvents): Registry {
  const generations = new Map<string, Generation>();
  const shownBy = new WeakMap<Element, Generation>();
  const attached = new Set<Document | ShadowRoot>();

  function ensure(id: string, entry: GenerationEntry = {}): Generation {
    const known = generations.get(id);
    const generation = known ?? createGeneration(id);
    generation.entry = { ...generation.entry, ...entry };
    if (known) return known;
    generations.set(id, generation);
    forgetOldest(generations, GENERATIONS_MAX);
    events.born(generation);
    return generation;
  }

  function refresh(element: Element): void {
    // A document or a shadow root is no element and matches nothing.
    if (!(element as Partial<Element>).matches?.(ROOT) || isPrivate(element)) return;
    const before = shownBy.get(element);
    let id = element.getAttribute(GENERATION);
    // No id: the beacon makes one, whose time is "first seen by this browser".
    if (!id) element.setAttribute(GENERATION, (id = uuid7()));
    if (before && before.id !== id) events.superseded(before);
    const generation = ensure(id, entryOf(element));
    generation.place = new WeakRef(element);
    shownBy.set(element, generation);
    events.placed(element);
  }

  function scan(node: ParentNode): void {
    refresh(node as Element);
    node.querySelectorAll(ROOT).forEach(refresh);
  }

  const observer = new MutationObserver(
    guard((records: MutationRecord[]) => {
      for (const { type, target, addedNodes } of records)
        if (type === 'attributes') refresh(target as Element);
        else addedNodes.forEach((node) => node.nodeType === Node.ELEMENT_NODE && scan(node as Element));
    }),
  );

  return {
    ensure,
    get: (id) => generations.get(id ?? ''),
    all: () => generations.values(),
    roots: () => [...attached].flatMap((root) => [...root.querySelectorAll(ROOT)]),
    trees: () => attached,
    attach(root) {
      attached.add(root);
      observer.observe(root, {
        subtree: true,
        childList: true,
        attributes: true,
        attributeFilter: [GENERATION, ...FIELDS.map(attributeOf)],
      });
      scan(root);
    },
    stop: () => observer.disconnect(),
  };
}
