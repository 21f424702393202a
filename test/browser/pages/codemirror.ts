// A page with a CodeMirror 6 editor in `#editor`, whose text it takes over. Leaves `window.editor`, the view.
import { basicSetup, EditorView } from 'codemirror';

declare global {
  interface Window {
    editor: EditorView;
  }
}

const parent = document.querySelector('#editor') as HTMLElement;
const doc = parent.textContent;
parent.textContent = '';
window.editor = new EditorView({ doc, parent, extensions: [basicSetup, EditorView.lineWrapping] });
