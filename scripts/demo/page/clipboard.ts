// Copies a text, the way most products do it.
import { toast } from './toast.js';

export function copyText(text: string): void {
  navigator.clipboard.writeText(text).then(
    () => toast('Copied'),
    () => toast('The browser did not allow copying'),
  );
}
