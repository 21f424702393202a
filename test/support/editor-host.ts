// How a test speaks with the page of an editor: what `window.host` offers there. Types only.

export interface EditorHost {
  text(): string;
  /** Where the caret is, in characters. */
  caret(): number;
  /** Writes as a program; at the end unless told otherwise, in characters. */
  insert(text: string, at?: number): void;
}
