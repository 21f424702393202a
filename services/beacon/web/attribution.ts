// Whose text a copied string is, when no selection says so (copy buttons, editors). In: the string and the last click.
// Out: a generation and counts. Compares in memory; nothing of the string goes on.
import { COPY, closest, generationIdOf, isField, isPrivate } from './dom.js';
import type { Generation } from './generation.js';
import type { Registry } from './registry.js';
import { textsOf } from './selection.js';

/** A part of a text shorter than this is taken for its own only when the click says so, characters. */
const PART_CHARS_MIN = 20;

export interface Attribution {
  generation: Generation;
  chars: number;
  of: number;
  code: boolean;
}

const WORDS = /[\p{L}\p{N}]+/gu;

/** Two texts are the same when they differ in white space only. */
const normal = (text: string): string => text.replace(/\s+/g, ' ').trim();

/**
 * Whether at least half of the words of `text` occur in `source`: Markdown and its rendering share their words, while
 * the address that a share button writes does not.
 */
export function sharesWords(text: string, source: string): boolean {
  const words = text.match(WORDS) ?? [];
  return words.filter((word) => source.includes(word)).length * 2 > words.length;
}

/** The text of a generation's element; a text field's value. */
function textOf(root: Element): string {
  if (isField(root)) return root.value;
  return textsOf(root)
    .map((text) => text.data)
    .join('');
}

/** Counts of the generation that `text` comes from, and how sure that is: 2 all of it, 1 a part, 0 neither. */
function find(
  text: string,
  generation: Generation,
  known: string[],
  roots: Element[],
): { part: Attribution; sure: number; all: string } {
  const wanted = normal(text);
  const texts = [...known, ...roots.map(textOf)];
  const source = texts.find((whole) => normal(whole).includes(wanted));
  const code = roots.some((root) =>
    [...root.querySelectorAll('pre')].some((pre) => normal(pre.textContent) === wanted),
  );
  const of = source?.length ?? Math.max(0, ...texts.map((whole) => whole.length));
  return {
    part: { generation, chars: text.length, of: Math.max(of, text.length), code },
    sure:
      code || texts.some((whole) => normal(whole) === wanted) ? 2 : source && wanted.length >= PART_CHARS_MIN ? 1 : 0,
    all: texts.join(' '),
  };
}

/** What is known of a generation's text beside what is shown of it. */
export type Known = (generation: Generation) => string[];

/**
 * Counts of the generation that `text` comes from. `control` is what was clicked within the last second, or the element
 * that copies; `own` says that it has put its own text there.
 */
export function attribute(
  text: string,
  control: unknown,
  registry: Registry,
  known: Known,
  own: boolean,
): Attribution | undefined {
  if (!text.trim() || isPrivate(control)) return undefined;
  const places = new Map<string | undefined, Element[]>();
  for (const root of registry.roots()) {
    if (isPrivate(root)) continue;
    const id = generationIdOf(root);
    places.set(id, [...(places.get(id) ?? []), root]);
  }

  const button = closest(control, `[${COPY}]`);
  const clicked = registry.get(button?.getAttribute(COPY) || generationIdOf(button ?? control));
  if (clicked) {
    const { part, all } = find(text, clicked, known(clicked), places.get(clicked.id) ?? []);
    if (button || own || sharesWords(text, all)) return part;
  }

  // The longest word tells cheaply which of a thousand texts are worth a closer look.
  const probe = (text.match(WORDS) ?? [text.trim()]).reduce((longest, word) =>
    word.length > longest.length ? word : longest,
  );
  const holds = (root: Element): boolean =>
    isField(root) ? root.value.includes(probe) : !!root.shadowRoot || root.textContent.includes(probe);
  let partOf: Attribution | undefined;
  for (const generation of [...registry.all()].reverse()) {
    const roots = places.get(generation.id) ?? [];
    const others = known(generation);
    if (![...others.map((whole) => whole.includes(probe)), ...roots.map(holds)].includes(true)) continue;
    const { part, sure } = find(text, generation, others, roots);
    if (sure > 1) return part;
    if (sure) partOf ??= part;
  }
  return partOf;
}
