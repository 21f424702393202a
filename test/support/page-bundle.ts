// Bundles a test page's program, with the packages it is built from, and puts it on a page server. In: the name of a
// source in test/browser/pages. Out: the tags that load it. Nothing is written to a disk.
import path from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from '../../shared/runtime/project-root.js';
import type { PageServer } from './recording-collector.js';

/** Adds `/<name>.js` (and `/<name>.css` where there are styles); `entry` has its extension, as `codemirror.ts`. */
export async function addPageBundle(server: PageServer, entry: string): Promise<string> {
  const folder = path.join(projectRoot, 'test', 'browser', 'pages');
  const { outputFiles } = await build({
    entryPoints: [path.join(folder, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    target: ['es2022'],
    jsx: 'automatic',
    loader: { '.ttf': 'dataurl' },
    define: { 'process.env.NODE_ENV': '"production"' },
    outdir: folder,
    logLevel: 'warning',
  });
  const tags = outputFiles.map((file) => {
    const address = `/${path.basename(file.path)}`;
    server.pages.set(address, file.text);
    return address.endsWith('.css')
      ? `<link rel="stylesheet" href="${address}">`
      : `<script type="module" src="${address}"></script>`;
  });
  return tags.sort().join('');
}
