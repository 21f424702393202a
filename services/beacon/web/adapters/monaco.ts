// The adapter of Monaco: `monaco(tacit, editor)`. In: the editor's change events. Out: who has changed its text. It must
// never change the editor.
import type { Tacit } from '../tacit.js';

interface Disposable {
  dispose(): void;
}

/** What it needs of `editor.ICodeEditor`. */
export interface MonacoEditor {
  getDomNode(): HTMLElement | null;
  getValue(): string;
  onDidChangeModel(listener: () => void): Disposable;
  onDidChangeModelContent(
    listener: (event: { readonly isUndoing: boolean; readonly isRedoing: boolean; readonly isFlush: boolean }) => void,
  ): Disposable;
}

/**
 * The generation is the one whose id stands on or around the editor, or that was just accepted. What it answers ends it;
 * so does the editor's own end.
 */
export function monaco(tacit: Pick<Tacit, 'draft'>, editor: MonacoEditor): Disposable {
  let text: string;

  function tell(change: 'typed' | 'undone' | 'programmed' | undefined, before?: string): void {
    const place = editor.getDomNode();
    text = editor.getValue();
    if (place) tacit.draft(place, change, before ?? text, text);
  }

  tell('programmed');
  const listeners = [
    // Another file in the same editor.
    editor.onDidChangeModel(() => tell('programmed', text)),
    // Typing says nothing of itself: then whoever acted in the editor just now did it.
    editor.onDidChangeModelContent(({ isUndoing, isRedoing, isFlush }) =>
      tell(isUndoing ? 'undone' : isRedoing ? 'typed' : isFlush ? 'programmed' : undefined, text),
    ),
  ];
  return { dispose: () => listeners.forEach((listener) => listener.dispose()) };
}
