// The recipes of the beacon's README: its TypeScript is compiled strictly against the published types and the editors' own,
// its plain page is opened in a real Chromium. (Its stub is run by the test of the script tag.)
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { projectRoot } from '../../../shared/runtime/project-root.js';
import { startBeaconPage } from '../../support/beacon-page.js';
import { startChromium } from '../../support/chromium.js';
import { recipes } from '../../support/readme-recipes.js';

const run = promisify(execFile);

const OPTIONS = {
  target: 'ES2022',
  lib: ['ES2022', 'DOM', 'DOM.Iterable'],
  module: 'ESNext',
  moduleResolution: 'bundler',
  jsx: 'react-jsx',
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  // The editors' own declarations are not ours to judge; the package test compiles ours without this.
  skipLibCheck: true,
  noEmit: true,
};

/** A folder in which the packages of the test pages and this one can be imported. */
async function openFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tacit-readme-'));
  const modules = path.join(projectRoot, 'test', 'browser', 'pages', 'node_modules');
  await mkdir(path.join(folder, 'node_modules'));
  for (const name of await readdir(modules))
    await symlink(path.join(modules, name), path.join(folder, 'node_modules', name));
  await symlink(path.join(projectRoot, 'services', 'beacon'), path.join(folder, 'node_modules', 'tacit'));
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: OPTIONS, include: ['*.ts*'] }));
  return folder;
}

test('each recipe in TypeScript compiles strictly', async () => {
  const folder = await openFolder();
  try {
    const samples = [...(await recipes('ts')), ...(await recipes('tsx'))];
    expect(samples.length).toBeGreaterThanOrEqual(8);
    await Promise.all(samples.map(async (code, n) => await writeFile(path.join(folder, `recipe-${n}.tsx`), code)));
    const tsc = path.join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', folder], { cwd: folder }).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout).toBe('');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('the plain page works as it stands', async () => {
  const [page = ''] = await recipes('html');
  const chromium = await startChromium();
  const it = await startBeaconPage(chromium);
  try {
    const complete = page.replaceAll('https://collector.example', it.collector.url).replaceAll('pk_...', 'pk_test0001');
    it.server.pages.set('/', `<!doctype html><body>${complete}`);
    await it.page.goto(`${it.server.url}/`);
    const [shown] = await it.received('shown');
    expect(shown?.g).toBe('0193a5b0-7c1e-7d5a-9b1e-0a2b3c4d5e6f');
    await it.page.getByRole('button', { name: 'Use this' }).click();
    await it.received('accept');
    await it.page.getByRole('button', { name: 'Again' }).click();
    expect((await it.received('reject'))[0]).toMatchObject({ reason: 'regenerated' });
    await it.page.getByRole('button', { name: 'Dismiss' }).click();
    expect((await it.received('reject', 2))[1]).toMatchObject({ reason: 'dismissed' });
  } finally {
    await it.close();
    await chromium.close();
  }
});

test('what the package can be imported by is what the README says', async () => {
  const readme = await readFile(path.join(projectRoot, 'services', 'beacon', 'README.md'), 'utf8');
  const manifest = JSON.parse(await readFile(path.join(projectRoot, 'services', 'beacon', 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>;
  };
  const named = [...readme.matchAll(/^\| (`tacit.*?`) \|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`(tacit[^`]*)`/g)].map(([, name = '']) => name.replace(/^tacit/, '.')),
  );
  expect(named.sort()).toEqual(
    Object.keys(manifest.exports)
      .filter((name) => name !== './package.json')
      .sort(),
  );
});
