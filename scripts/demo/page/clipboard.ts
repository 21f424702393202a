// Copies a text, the way most products do it.
import { element } from './element.js';
import { toast } from './toast.js';

export function copyText(text: string): void {
  // Browsers offer the clipboard to secure origins only: on another machine's plain http address it is not there.
  const { clipboard } = navigator as { clipboard?: Clipboard };
  if (clipboard === undefined) copyByField(text);
  else clipboard.writeText(text).then(done, refused);
}

function copyByField(text: string): void {
  const field = element('textarea', { class: 'hidden' });
  field.value = text;
  document.body.append(field);
  field.select();
  if (document.execCommand('copy')) done();
  else refused();
  field.remove();
}

function done(): void {
  toast('Copied');
}

function refused(): void {
  toast('The browser did not allow copying');
}
