// The files of the demo page, read once: index.html with the addresses filled in, the style sheet, the compiled modules.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface PageFile {
  readonly type: string;
  readonly body: string;
}

/** What is filled into index.html; names are those of the `{{placeholders}}`. */
export interface PageValues {
  readonly collector: string;
  readonly writeKey: string;
  readonly livePage: string;
}

/** Where the page is that also shows what the beacon sees and sends. */
export const DEBUG_PATH = '/?debug';

/** Files by request path. `sources` holds index.html and style.css, `modules` the compiled scripts. */
export function readPageFiles(sources: string, modules: string, values: PageValues): ReadonlyMap<string, PageFile> {
  const html = readFileSync(path.join(sources, 'index.html'), 'utf8').replace(
    /\{\{(collector|writeKey|livePage)\}\}/g,
    (_, name: keyof PageValues) => escapeAttribute(values[name]),
  );
  const files = new Map<string, PageFile>([
    ['/', { type: 'text/html; charset=utf-8', body: html }],
    [DEBUG_PATH, { type: 'text/html; charset=utf-8', body: html.replace('async', 'async data-tacit-debug') }],
    ['/style.css', { type: 'text/css; charset=utf-8', body: readFileSync(path.join(sources, 'style.css'), 'utf8') }],
  ]);
  for (const name of readdirSync(modules).filter((file) => file.endsWith('.js')))
    files.set(`/page/${name}`, {
      type: 'text/javascript; charset=utf-8',
      body: readFileSync(path.join(modules, name), 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'),
    });
  return files;
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
