// A page with a Monaco editor in `#editor`, whose text it takes over, and the beacon's adapter: the core with the
// clipboard, without what needs a worker. Leaves `window.editor` and `window.host`, by which a test writes as a program.
import { editor } from 'monaco-editor/editor';
import 'monaco-editor/editor/contrib/clipboard/browser/clipboard.js';
import 'monaco-editor/editor/contrib/wordOperations/browser/wordOperations.js';
import { monaco } from '../../../services/beacon/web/adapters/monaco.js';
import type { EditorHost } from '../../support/editor-host.js';
import { lateTacit } from './host.js';

const element = document.querySelector('#editor') as HTMLElement;
const value = element.textContent;
element.textContent = '';
element.style.height = '300px';
const view = editor.create(element, {
  value,
  language: 'plaintext',
});
monaco(lateTacit, view);
const host: EditorHost = {
  text: () => view.getValue(),
  caret: () => view.getModel()!.getOffsetAt(view.getPosition()!),
  insert(text, at = view.getValue().length) {
    const { lineNumber, column } = view.getModel()!.getPositionAt(at);
    view.pushUndoStop();
    view.executeEdits('host', [
      {
        range: { startLineNumber: lineNumber, startColumn: column, endLineNumber: lineNumber, endColumn: column },
        text,
        forceMoveMarkers: true,
      },
    ]);
    view.pushUndoStop();
  },
};
Object.assign(window, { editor: view, host });
