// The npm package as a stranger meets it: what `npm pack` makes is installed into a React + Vite + TypeScript project, compiled
// strictly, built, rendered on a server, and used in a real Chromium, with React 19 and 18.
import path from 'node:path';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leaked } from '../../support/beacon-page.js';
import { startChromium, type Chromium } from '../../support/chromium.js';
import { startHost, type Host } from '../../support/host-server.js';
import { startRecordingCollector, type RecordingCollector } from '../../support/recording-collector.js';
import {
  openScratchProject,
  packPackage,
  type PackedPackage,
  type ScratchProject,
} from '../../support/scratch-project.js';

const TEXT = 'Fourteen purple walruses juggle quietly behind the observatory each Wednesday evening.';
const MARKDOWN = `## ${TEXT}\n\n- and nothing else`;

let packed: PackedPackage;
let chromium: Chromium;

beforeAll(async () => {
  packed = await packPackage();
  chromium = await startChromium();
  await chromium.context.grantPermissions(['clipboard-read', 'clipboard-write']);
});
afterAll(async () => {
  await chromium?.close();
  await packed?.remove();
});

test('the package holds what its exports name, their declarations, and nothing else', () => {
  const modules = packed.paths.filter((name) => !name.startsWith('dist/types/'));
  const parts = /^dist\/v1\.[a-z]+-[0-9a-f]{16}\.mjs$/;
  expect(modules.filter((name) => !parts.test(name))).toEqual([
    'LICENSE',
    'README.md',
    'dist/adapters/codemirror.mjs',
    'dist/adapters/monaco.mjs',
    'dist/adapters/prosemirror.mjs',
    'dist/manifest.json',
    'dist/react.mjs',
    'dist/server.js',
    'dist/v1.js',
    'dist/v1.mjs',
    'package.json',
  ]);
  expect(modules.filter((name) => parts.test(name)).map((name) => name.replace(/-.*/, ''))).toEqual([
    'dist/v1.debug',
    'dist/v1.reader',
  ]);
  const declared = packed.paths.filter((name) => name.startsWith('dist/types/'));
  expect(declared.map((name) => name.replace(/^dist\/types\/(web\/)?|\.d\.ts$/g, ''))).toEqual([
    'server',
    'adapters/codemirror',
    'adapters/monaco',
    'adapters/prosemirror',
    'draft',
    'generation',
    'guard',
    'index',
    'options',
    'react',
    'script',
    'tacit',
    'wire',
  ]);
});

describe.each([
  ['React 19', undefined],
  ['React 18', 'react-18'],
])('%s', (_, variant) => {
  let project: ScratchProject;
  let host: Host;
  let collector: RecordingCollector;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    project = await openScratchProject(packed, variant);
    host = await startHost({ folder: path.join(project.folder, 'dist') });
    collector = await startRecordingCollector();
    page = await chromium.context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
  });
  afterAll(async () => {
    await page?.close();
    await collector?.close();
    await host?.close();
    await project?.remove();
  });

  const received = (type: string) => collector.events().filter((event) => event.type === type);
  async function one(type: string) {
    await expect.poll(() => received(type).length, { timeout: 30_000, message: type }).toBeGreaterThanOrEqual(1);
    expect(received(type).length).toBe(1);
    return received(type)[0];
  }

  // What does not depend on React is compiled once.
  test.each(['tsconfig.json', ...(variant ? [] : ['tsconfig.nodenext.json', 'tsconfig.server.json'])])(
    'a strict compile with %s accepts its types',
    async (config) => {
      expect(await project.node('node_modules/typescript/bin/tsc', '-p', config)).toBe('');
    },
  );

  test('no file of it names a folder of a machine or a source map', async () => {
    for (const name of packed.paths) {
      const text = await readFile(path.join(project.folder, 'node_modules', 'tacit', name), 'utf8');
      expect(text, name).not.toMatch(/sourceMappingURL|node_modules\/|\/home\/|file:\/\//);
    }
  });

  test('on a server it renders attributes and touches nothing', async () => {
    const printed = JSON.parse(await project.node('ssr.js')) as Record<string, unknown>;
    expect(printed).toEqual({
      html:
        '<article class="text" data-tacit-generation="g1" data-tacit-token="t1.a.b">First</article>' +
        '<div data-tacit-generation="g2" data-tacit-prompt="card">Second</div>',
      id: 'g3',
      stats: { queued: 0 },
      added: [],
    });
  });

  test('what a product does not use is not in its bundle', async () => {
    const found = JSON.parse(await project.node('shaken.js')) as Record<string, { chars: number; beacon: boolean }>;
    expect(Object.entries(found).map(([name, { beacon }]) => [name, beacon])).toEqual([
      ['type', false],
      ['unused', false],
      ['element', false],
      ['adapter', false],
      ['whole', true],
    ]);
    expect(found['unused']?.chars).toBeLessThan(100);
    expect(found['element']?.chars).toBeLessThan(1000);
  });

  test('built by Vite and used in a browser, a streamed answer is shown, copied and rated, a draft edited, a card rejected', async () => {
    await project.node('node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn');
    await page.goto(`${host.url}/?collector=${encodeURIComponent(collector.url)}`);
    await page.locator('article[aria-busy=false]').waitFor();
    expect(await page.locator('article').innerText()).toBe(TEXT);
    await expect.poll(() => received('shown').length, { timeout: 30_000, message: 'shown' }).toBe(3);
    expect(
      received('shown')
        .map(({ g }) => g)
        .sort(),
    ).toEqual(['answer-1', 'card-1', 'draft-1']);
    expect(
      received('generated')
        .map(({ g }) => g)
        .sort(),
    ).toEqual(['answer-1', 'card-1', 'draft-1']);

    await page.click('#copy');
    expect(await one('copy')).toMatchObject({ g: 'answer-1', chars: MARKDOWN.length, method: 'button' });
    await page.click('#good');
    expect(await one('rate')).toMatchObject({ g: 'answer-1', value: 1 });
    await page.click('textarea');
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' Really.');
    await page.click('article');
    expect(await one('edit')).toMatchObject({ g: 'draft-1', distance: 8, to: TEXT.length + 8, by: 'blur' });
    await page.click('#dismiss');
    await page.locator('#closed').waitFor();
    expect(await one('reject')).toMatchObject({ g: 'card-1', reason: 'dismissed' });

    const known = Object.assign({}, ...collector.batches.map(({ generations }) => generations)) as object;
    expect(known).toMatchObject({
      'answer-1': { promptId: 'answer', promptVersion: '7', model: 'finch', modelVersion: '2', taskId: 'task-1' },
      'draft-1': { token: 't1.unread.here' },
      'card-1': { promptId: 'card' },
    });
    for (const { contentType, key } of collector.batches) {
      expect(contentType).toMatch(/^text\/plain/);
      expect(key).toBe('pk_test0001');
    }
    expect(collector.preflights).toBe(0);
    expect(leaked(collector, [TEXT, MARKDOWN])).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
