// Text inside Markdown (CommonMark and GitHub's tables). In: text that was sent by others. Out: the same text, in which nothing is
// markup, a link or a line of its own; it stays readable as plain text, since only what would change is escaped.
import { plainText } from './plain-text.js';

export function escapeMarkdown(text: string): string {
  return plainText(text)
    .replace(/[\\`*[\]<>|~]/g, '\\$&')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\b(www)\./gi, '$1\\.')
    .replace(/(?<=\w)@(?=\w)/g, '\\@')
    .replace(/^(#|[-+=](?!\d))/, '\\$1')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}
