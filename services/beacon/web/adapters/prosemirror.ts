// The adapter of ProseMirror, and so of TipTap: `new Plugin(prosemirror(tacit))`. In: the editor's transactions. Out: who
// has changed its text. It must never change the editor.
import type { Tacit } from '../tacit.js';

/** What it needs of a state, a transaction and a view. */
export interface ProseMirrorState {
  readonly doc: {
    readonly content: { readonly size: number };
    textBetween(from: number, to: number, blockSeparator?: string, leafText?: string): string;
  };
}

export interface ProseMirrorTransaction {
  getMeta(key: string): unknown;
}

export interface ProseMirrorView {
  readonly dom: HTMLElement;
  readonly state: ProseMirrorState;
}

/** A `PluginSpec`. */
export interface ProseMirrorPlugin {
  appendTransaction(transactions: readonly ProseMirrorTransaction[]): undefined;
  view(view: ProseMirrorView): { update(view: ProseMirrorView, before: ProseMirrorState): void };
}

const textOf = ({ doc }: ProseMirrorState): string => doc.textBetween(0, doc.content.size, '\n', '\n');

/** The generation is the one whose id stands on or around the editor, or that was just accepted. */
export function prosemirror(tacit: Pick<Tacit, 'draft'>): ProseMirrorPlugin {
  let change: 'typed' | 'undone' | undefined;
  return {
    appendTransaction(transactions) {
      for (const transaction of transactions) {
        const history = transaction.getMeta('history$') as { redo?: boolean } | undefined;
        if (history) change = history.redo ? 'typed' : 'undone';
        // Typing says nothing of itself: then whoever acted in the editor just now did it.
        else if (transaction.getMeta('uiEvent')) change ??= 'typed';
      }
    },
    view(created) {
      let text = textOf(created.state);
      tacit.draft(created.dom, 'programmed', text, text);
      return {
        update({ dom, state }, before) {
          const who = change;
          change = undefined;
          if (state.doc === before.doc) return;
          const after = textOf(state);
          if (after !== text) tacit.draft(dom, who, text, after);
          text = after;
        },
      };
    },
  };
}
