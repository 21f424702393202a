// A page with a TipTap (ProseMirror) editor in `#editor`, whose content it takes over. Leaves `window.editor`.
import { Editor } from '@tiptap/core';
import { StarterKit } from '@tiptap/starter-kit';

declare global {
  interface Window {
    editor: Editor;
  }
}

const element = document.querySelector('#editor') as HTMLElement;
const content = element.innerHTML;
element.textContent = '';
window.editor = new Editor({ element, content, extensions: [StarterKit] });
