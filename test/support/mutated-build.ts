// A copy of the build with one thing taken out, to see that a test notices. In: a file of the build and the text to replace.
// Out: the folder of the copy. Must never touch the build itself.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../shared/runtime/project-root.js';

export interface Mutation {
  /** What is wrong then, in words. */
  readonly name: string;
  /** Below `dist`. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

/** Throws when the text to replace is not there exactly once: the list of mutations must follow the code. */
export function mutateBuild(mutation: Mutation | undefined): { build: string; remove: () => void } {
  const root = mkdtempSync(path.join(os.tmpdir(), 'tacit-mutated-'));
  const build = path.join(root, 'dist');
  cpSync(path.join(projectRoot, 'dist'), build, { recursive: true });
  for (const name of ['infra', 'services', 'node_modules', 'package.json'])
    symlinkSync(path.join(projectRoot, name), path.join(root, name));
  if (mutation !== undefined) {
    const file = path.join(build, mutation.file);
    const parts = readFileSync(file, 'utf8').split(mutation.from);
    if (parts.length !== 2) throw new Error(`${mutation.file} has ${parts.length - 1} times: ${mutation.from}`);
    writeFileSync(file, parts.join(mutation.to));
  }
  return { build, remove: () => rmSync(root, { recursive: true, force: true }) };
}
