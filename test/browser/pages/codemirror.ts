// A page with a CodeMirror 6 editor in `#editor`, whose text it takes over, and the beacon's adapter. Leaves
// `window.editor`, the view, and `window.host`, by which a test writes as a program.
import { basicSetup, EditorView } from 'codemirror';
import { codemirror } from '../../../services/beacon/web/adapters/codemirror.js';
import type { EditorHost } from '../../support/editor-host.js';
import { lateTacit } from './host.js';

const parent = document.querySelector('#editor') as HTMLElement;
const doc = parent.textContent;
parent.textContent = '';
const view = new EditorView({
  doc,
  parent,
  extensions: [basicSetup, EditorView.lineWrapping, EditorView.updateListener.of(codemirror(lateTacit))],
});
const host: EditorHost = {
  text: () => view.state.doc.toString(),
  caret: () => view.state.selection.main.head,
  insert: (text, at = view.state.doc.length) => view.dispatch({ changes: { from: at, insert: text } }),
};
Object.assign(window, { editor: view, host });
