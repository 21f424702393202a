// The root folder of the project, from wherever this module runs (sources or the build in dist/).
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

function isRoot(folder: string): boolean {
  const manifest = path.join(folder, 'package.json');
  return (
    existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === '@tacit/platform'
  );
}

function find(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!isRoot(folder)) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('the project root was not found above this module');
    folder = parent;
  }
  return folder;
}

/** Absolute path; SQL files, pages and bundles are read from below it. */
export const projectRoot = find();
