// A page with a TipTap (ProseMirror) editor in `#editor`, whose content it takes over, and the beacon's adapter. Leaves
// `window.editor` and `window.host`, by which a test writes as a program.
import { Editor, Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import { StarterKit } from '@tiptap/starter-kit';
import { prosemirror } from '../../../services/beacon/web/adapters/prosemirror.js';
import type { EditorHost } from '../../support/editor-host.js';
import { lateTacit } from './host.js';

const Tacit = Extension.create({ addProseMirrorPlugins: () => [new Plugin(prosemirror(lateTacit))] });

const element = document.querySelector('#editor') as HTMLElement;
const content = element.innerHTML;
element.textContent = '';
const editor = new Editor({ element, content, extensions: [StarterKit, Tacit] });
const host: EditorHost = {
  text: () => editor.getText({ blockSeparator: '\n' }),
  caret: () => editor.state.selection.head - 1,
  // Position 1 is the start of the first paragraph.
  insert: (text, at = editor.state.doc.content.size - 2) =>
    editor.view.dispatch(editor.state.tr.insertText(text, at + 1)),
};
Object.assign(window, { editor: editor, host });
