// The form that narrows a page: what it offers, what is chosen, what it keeps, and that names stay text.
import { expect, test } from 'vitest';
import type { Filter } from '../../../../../services/reporter/figures/filter.js';
import { filterForm } from '../../../../../services/reporter/web/filter-form.js';
import { HOSTILE_NAME } from '../../../../support/report-fixture.js';

type View = Parameters<typeof filterForm>[0];

const FILTER: Filter = { project: 'shop', from: '2026-11-01', to: '2026-11-29', period: '28d' };
const VIEW: View = {
  path: '/',
  fields: ['prompt', 'model', 'period'],
  projects: [
    { id: 'shop', name: 'The shop' },
    { id: 'desk', name: 'The desk' },
  ],
  filter: FILTER,
  drawn: { choices: { prompts: ['draft', 'title'], models: ['m-large'] } },
};

const form = (over: Partial<View> = {}) => filterForm({ ...VIEW, ...over }).markup;

/** Options of a list: `value words`, with a star in front of the one that is chosen. */
function options(markup: string, name: string): string[] {
  const list = new RegExp(`<select name="${name}">(.*?)</select>`, 's').exec(markup)?.[1] ?? '';
  return [...list.matchAll(/<option value="([^"]*)"( selected)?>([^<]*)</g)].map(
    ([, value = '', chosen, words = '']) => `${chosen === undefined ? '' : '*'}${value} ${words}`,
  );
}

test('offers what there is, with all of it first, and says what is chosen', () => {
  const markup = form();
  expect(options(markup, 'project')).toEqual(['*shop The shop', 'desk The desk']);
  expect(options(markup, 'prompt')).toEqual(['* All prompts', 'draft draft', 'title title']);
  expect(options(markup, 'model')).toEqual(['* All models', 'm-large m-large']);
  expect(options(markup, 'period').filter((each) => each.startsWith('*'))).toEqual(['*28d Last 28 days']);
  expect(options(form({ filter: { ...FILTER, prompt: 'title' } }), 'prompt')).toContain('*title title');
});

test('what was asked for stays on offer where it has no figures, once', () => {
  const gone = form({ filter: { ...FILTER, prompt: 'gone', model: 'm-large' } });
  expect(options(gone, 'prompt')).toEqual([' All prompts', 'draft draft', 'title title', '*gone gone']);
  expect(options(gone, 'model')).toEqual([' All models', '*m-large m-large']);
});

test('the page of a prompt offers no page of all prompts once there is one', () => {
  expect(options(form({ path: '/prompt' }), 'prompt')[0]).toBe('* All prompts');
  const one = options(form({ path: '/prompt', filter: { ...FILTER, prompt: 'draft' } }), 'prompt');
  expect(one).toEqual(['*draft draft', 'title title']);
});

test('with nothing to choose from there is still everything', () => {
  const markup = form({ drawn: { choices: { prompts: [], models: [] } }, projects: [{ id: 'shop', name: 'shop' }] });
  expect(options(markup, 'project')).toEqual(['*shop shop']);
  expect(options(markup, 'prompt')).toEqual(['* All prompts']);
});

test('a page without a field has no control for it, and without a period no days', () => {
  const markup = form({ fields: ['prompt'] });
  expect([...markup.matchAll(/name="(\w+)"/g)].map(([, name]) => name)).toEqual(['project', 'prompt']);
  expect(form({ fields: [] })).not.toContain('Other days');
});

test('days of one’s own are a period by themselves, said with their last day, and no other is chosen', () => {
  const { period: _, ...own } = { ...FILTER, from: '2026-11-03', to: '2026-11-05' };
  expect(options(form({ filter: own }), 'period').slice(0, 2)).toEqual([
    '*2026-11-03..2026-11-05 2026-11-03 to 2026-11-04',
    'today Today',
  ]);
  expect(options(form({ filter: own }), 'period').filter((each) => each.startsWith('*'))).toHaveLength(1);
});

test('the form of days keeps all that the page is narrowed to but the period', () => {
  const hidden = (filter: Filter) =>
    [...form({ filter }).matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]);
  expect(hidden({ ...FILTER, prompt: 'draft', model: 'm-large' })).toEqual([
    ['project', 'shop'],
    ['prompt', 'draft'],
    ['model', 'm-large'],
  ]);
  expect(hidden(FILTER)).toEqual([['project', 'shop']]);
});

test('names from events and files are text, as words and as values', () => {
  const markup = form({
    projects: [{ id: 'shop', name: HOSTILE_NAME }],
    filter: { ...FILTER, prompt: HOSTILE_NAME, model: '"><script>' },
    drawn: { choices: { prompts: [HOSTILE_NAME], models: [] } },
  });
  expect(markup).not.toMatch(/<img|<script|onerror="/);
  expect(markup).toContain('value="&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
});
