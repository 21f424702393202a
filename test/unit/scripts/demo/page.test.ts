// The page of the demo: its Markdown, and what its HTML says to a visitor, to the beacon and to the browser.
import path from 'node:path';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../../../shared/runtime/project-root.js';
import { parseInlines, parseMarkdown } from '../../../../scripts/demo/page/markdown.js';
import { readPageFiles } from '../../../../scripts/demo/page-files.js';

const text = (value: string) => [{ kind: 'text', text: value }];

describe('markdown', () => {
  test('is read block by block', () => {
    expect(parseMarkdown('One\ntwo\n\n- a\n- b\n\n3. c\n4. d\n\n```ts\nx\n\ny\n```\nend')).toEqual([
      { kind: 'paragraph', inlines: text('One\ntwo') },
      { kind: 'list', start: undefined, items: [text('a'), text('b')] },
      { kind: 'list', start: 3, items: [text('c'), text('d')] },
      { kind: 'code', language: 'ts', text: 'x\n\ny' },
      { kind: 'paragraph', inlines: text('end') },
    ]);
  });

  test('that is still being written is read as far as it goes', () => {
    const check = (markdown: string, expected: unknown) => expect(parseMarkdown(markdown)).toEqual(expected);
    check('', []);
    check('```ts\nconst', [{ kind: 'code', language: 'ts', text: 'const' }]);
    check('```', [{ kind: 'code', language: '', text: '' }]);
    check('a **b', [{ kind: 'paragraph', inlines: text('a **b') }]);
    check('- a\nb', [{ kind: 'paragraph', inlines: text('- a\nb') }]);
  });

  test('has bold and code inside a line', () => {
    expect(parseInlines('a **b** `c*d` e')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'bold', text: 'b' },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'c*d' },
      { kind: 'text', text: ' e' },
    ]);
  });

  test('never becomes markup', () => {
    expect(parseMarkdown('<img src=x>')).toEqual([{ kind: 'paragraph', inlines: text('<img src=x>') }]);
  });
});

describe('the page', () => {
  const modules = mkdtempSync(path.join(tmpdir(), 'tacit-page-'));
  writeFileSync(path.join(modules, 'main.js'), 'void 0;\n//# sourceMappingURL=main.js.map\n');
  writeFileSync(path.join(modules, 'main.js.map'), '{}');
  afterAll(() => rmSync(modules, { recursive: true }));
  const values = { collector: 'https://c.example', writeKey: 'pk_"<&', livePage: 'https://l.example/?token=a&b' };
  const files = readPageFiles(path.join(projectRoot, 'scripts', 'demo', 'page'), modules, values);
  const html = files.get('/')?.body ?? '';

  test('includes the beacon by one script tag', () => {
    const tags = html.match(/<script[^>]*>/g) ?? [];
    expect(tags.filter((tag) => tag.includes('/tacit/v1.js')).length).toBe(1);
    expect(tags.find((tag) => tag.includes('/tacit/v1.js'))?.replace(/\s+/g, ' ')).toContain(
      'async src="https://c.example/tacit/v1.js" data-tacit-key="pk_&#34;&#60;&#38;" data-tacit-endpoint="https://c.example"',
    );
  });

  test('asks for the overlay of the beacon at its debug address only', () => {
    expect(html).not.toContain('data-tacit-debug');
    expect(files.get('/?debug')?.body.match(/<script[^>]*data-tacit-debug[^>]*>/g)?.length).toBe(1);
  });

  test('says how long an action counts and links to the live page', () => {
    expect(html).toContain('In this demo an action counts for 2 minutes');
    expect(html).toContain('href="https://l.example/?token=a&#38;b"');
    expect(html).not.toContain('{{');
  });

  test('has neither inline scripts nor inline styles, which its policy would refuse', () => {
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/);
  });

  test('serves its modules without their maps', () => {
    expect([...files.keys()].sort()).toEqual(['/', '/?debug', '/page/main.js', '/style.css']);
    expect(files.get('/page/main.js')?.body).toBe('void 0;\n');
  });
});
