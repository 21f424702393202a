// Makes the elements of the debug overlay. Text goes in as text only, never as markup: strict Trusted Types have nothing to say.

/** An element with attributes and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Writes only what has changed, so that a reader's place and selection stay. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A button that opens and closes `content`, and says so. Answers how to set it. */
export function opens(button: HTMLButtonElement, content: HTMLElement, open: boolean): (open: boolean) => void {
  const set = (next: boolean): void => {
    button.setAttribute('aria-expanded', String(next));
    content.hidden = !next;
  };
  set(open);
  button.addEventListener('click', () => set(content.hidden !== false));
  return set;
}
