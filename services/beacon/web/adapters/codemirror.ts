// The adapter of CodeMirror 6: `EditorView.updateListener.of(codemirror(tacit))`. In: the editor's updates. Out: who has
// changed its text. It must never change the editor.
import type { Tacit } from '../tacit.js';

/** What it needs of `ViewUpdate`. */
export interface CodeMirrorUpdate {
  readonly docChanged: boolean;
  readonly startState: { readonly doc: { toString(): string } };
  readonly state: { readonly doc: { toString(): string } };
  readonly transactions: readonly { isUserEvent(event: string): boolean }[];
  readonly view: { readonly dom: HTMLElement };
}

/** The generation is the one whose id stands on or around the editor, or that was just accepted. */
export function codemirror(tacit: Pick<Tacit, 'draft'>): (update: CodeMirrorUpdate) => void {
  const known = new WeakSet<Element>();
  return ({ docChanged, startState, state, transactions, view }) => {
    const did = (...events: string[]): boolean =>
      transactions.some((transaction) => events.some((event) => transaction.isUserEvent(event)));
    if (!known.has(view.dom)) {
      known.add(view.dom);
      tacit.draft(view.dom, 'programmed', startState.doc, startState.doc);
    }
    if (!docChanged) return;
    // Some commands say nothing of themselves: then whoever acted in the editor just now did it.
    const typed = did('input', 'delete', 'move', 'indent', 'redo') ? 'typed' : undefined;
    tacit.draft(view.dom, did('undo') ? 'undone' : typed, startState.doc, state.doc);
  };
}
