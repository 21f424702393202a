// The code samples of the beacon's README. In: a language. Out: the samples in it, in their order.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../../shared/runtime/project-root.js';

export async function recipes(language: string): Promise<string[]> {
  const readme = await readFile(path.join(projectRoot, 'services', 'beacon', 'README.md'), 'utf8');
  return [...readme.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , code = '']) => code);
}
