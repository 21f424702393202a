// Finds whose text an element is, across open shadow roots, and what must not be looked at.

export const GENERATION = 'data-tacit-generation';
export const COPY = 'data-tacit-copy';
export const ACTION = 'data-tacit-action';
/** Name of the element that the debug overlay is. */
export const DEBUG_HOST = 'tacit-debug';

export const NO_CAPTURE = 'data-tacit-no-capture';

/** Marks the text of a generation: a control names the generation it acts on by the same attribute. */
export const ROOT = `[${GENERATION}]:not([${COPY}],[${ACTION}])`;

/** The closest element that matches, also outside the shadow tree the search starts in. Takes anything. */
export function closest(node: unknown, selector: string): Element | undefined {
  const start = node as Element | null | undefined;
  if (!start?.closest) return start?.parentElement ? closest(start.parentElement, selector) : undefined;
  return start.closest(selector) ?? closest((start.getRootNode() as Partial<ShadowRoot>).host, selector);
}

/** Where an event really started: inside an open shadow tree its target is hidden. */
export function originOf(event: Event): EventTarget | undefined {
  return event.composedPath()[0];
}

/** Whether nothing about this node may be recorded. */
export function isPrivate(node: unknown): boolean {
  return closest(node, `[${NO_CAPTURE}],input[type=password]`) !== undefined;
}

/** The id of the generation that a node belongs to, or that a control names. */
export function generationIdOf(node: unknown): string | undefined {
  return closest(node, `[${GENERATION}]`)?.getAttribute(GENERATION) || undefined;
}

/** By name, so that it holds for the elements of another window too. */
export function isField(node: unknown): node is HTMLTextAreaElement | HTMLInputElement {
  return /^(TEXTAREA|INPUT)$/.test((node as Partial<Element> | undefined)?.tagName ?? '');
}
