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

/** Two texts are the same when they differ in white space only. */
const normal = (text: string): string => text.replace(/\s+/g, ' ').trim();

/**
 * Whether at least half of the words of `text` occur in `source`: Markdown and its rendering share their words, while
 * the address that a share button writes does not.
 */
export function sharesWords(text: string, source: string): boolean {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => source.includes(word)).length * 2 > words.length;
}

/** The text of a generation's element; a text field's value. */
function textOf(root: Element): string {
  if (isField(root)) return root.value;
  return textsOf(root)
    .map((text) => text.data)
    .join('');
}

interface Source {
  generation: Generation;
  text: string;
  codes: string[];
  of: number;
}

function sourceOf(generation: Generation, registry: Registry): Source {
  const roots = registry.roots().filter((root) => generationIdOf(root) === generation.id && !isPrivate(root));
  const texts = roots.map(textOf);
  return {
    generation,
    text: normal([...texts, generation.text ?? ''].join('\n')),
    codes: roots.flatMap((root) => [...root.querySelectorAll('pre')]).map((code) => normal(code.textContent)),
    of: Math.max(generation.text?.length ?? 0, ...texts.map((text) => text.length)),
  };
}

/** Counts of the generation that `text` comes from. `control` is what was clicked within the last second, if anything was. */
export function attribute(text: string, control: unknown, registry: Registry): Attribution | undefined {
  const wanted = normal(text);
  if (!wanted || isPrivate(control)) return undefined;
  const found = (source: Source): Attribution => ({
    generation: source.generation,
    chars: text.length,
    of: Math.max(source.of, text.length),
    code: source.codes.includes(wanted),
  });

  const button = closest(control, `[${COPY}]`);
  const clicked = registry.get(button?.getAttribute(COPY) || generationIdOf(button ?? control));
  if (clicked) {
    const source = sourceOf(clicked, registry);
    if (button || sharesWords(wanted, source.text)) return found(source);
  }
  const sources = [...registry.all()].map((generation) => sourceOf(generation, registry));
  const match =
    sources.find((source) => source.text === wanted || source.codes.includes(wanted)) ??
    sources.findLast(({ text: whole }) => wanted.length >= PART_CHARS_MIN && whole.includes(wanted));
  return match && found(match);
}
