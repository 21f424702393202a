// A page with a Monaco editor in `#editor`, whose text it takes over: the core with the clipboard, without what needs a
// worker. Leaves `window.editor`.
import { editor } from 'monaco-editor/editor';
import 'monaco-editor/editor/contrib/clipboard/browser/clipboard.js';
import 'monaco-editor/editor/contrib/wordOperations/browser/wordOperations.js';

declare global {
  interface Window {
    editor: editor.IStandaloneCodeEditor;
  }
}

const element = document.querySelector('#editor') as HTMLElement;
const value = element.textContent;
element.textContent = '';
element.style.height = '300px';
window.editor = editor.create(element, {
  value,
  language: 'plaintext',
});
