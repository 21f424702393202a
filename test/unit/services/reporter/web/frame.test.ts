// The frame of all pages: heading, navigation, what the script may replace, and that no name becomes markup or an address elsewhere.
import { expect, test } from 'vitest';
import { livePieces, renderFrame, renderMessage, type FrameView } from '../../../../../services/reporter/web/frame.js';
import { html } from '../../../../../services/reporter/web/html.js';
import type { DrawnPage } from '../../../../../services/reporter/web/page-module.js';
import { HOSTILE_NAME } from '../../../../support/report-fixture.js';

const DRAWN: DrawnPage = {
  asOf: Date.parse('2026-11-24T12:00:00Z'),
  metricVersions: ['m-1'],
  choices: { prompts: [], models: [] },
  sections: [{ id: 'rates', title: 'Rates', content: html`<p>forty</p>` }],
};
const VIEW: FrameView = {
  path: '/',
  pages: [
    { path: '/', label: 'Overview' },
    { path: '/prompt', label: 'Prompt' },
    { path: '/quality', label: 'Is it working?' },
  ],
  fields: [],
  styles: ['overview.css'],
  projects: [{ id: 'shop', name: 'The shop' }],
  filter: { project: 'shop', prompt: 'draft', model: 'm', from: '2026-11-01', to: '2026-11-29', period: '28d' },
  freshness: html`<b>fresh</b>`,
  drawn: DRAWN,
  now: 1_700_000_000_000,
};

const page = (over: Partial<FrameView> = {}, drawn: Partial<DrawnPage> = {}) =>
  renderFrame({ ...VIEW, ...over, drawn: { ...DRAWN, ...drawn } });
const first = (markup: string, pattern: RegExp) => pattern.exec(markup)?.[1]?.replace(/\s+/g, ' ').trim();

test('a page without a title is headed by its project, one with a title says both', () => {
  expect(first(page(), /<h1>(.*?)<\/h1>/s)).toBe('The shop');
  expect(first(page(), /<title>(.*?)<\/title>/s)).toBe('The shop · Tacit');
  const titled = page({ path: '/prompt' }, { title: 'draft' });
  expect(first(titled, /<h1>(.*?)<\/h1>/s)).toBe('draft');
  expect(first(titled, /<title>(.*?)<\/title>/s)).toBe('draft · The shop · Tacit');
  expect(first(titled, /class="kicker">(.*?)</s)).toBe('Prompt · The shop');
});

test('a project that the file no longer names is called by its id', () => {
  expect(first(page({ projects: [] }), /<h1>(.*?)<\/h1>/s)).toBe('shop');
});

test('one page is the current one, and links keep what their page can be narrowed by', () => {
  const links = [...page().matchAll(/<a href="([^"]*)"( aria-current="page")?>([^<]*)</g)].map(
    ([, href = '', current, label]) => [label, href.replaceAll('&amp;', '&'), current !== undefined],
  );
  expect(links).toEqual([
    ['Overview', '/?project=shop&model=m&period=28d', true],
    ['Prompt', '/prompt?project=shop&prompt=draft&model=m&period=28d', false],
    ['Is it working?', '/quality?project=shop', false],
  ]);
});

test('the script may replace the freshness and what is live, and nothing else', () => {
  const still = { id: 'still', title: 'Still', content: html`<p>still</p>` };
  const live = { id: 'moving', title: 'Moving', content: html`<p>moving</p>`, live: true };
  expect(livePieces({ ...VIEW, drawn: { ...DRAWN, sections: [still, live] } })).toEqual({
    freshness: '<b>fresh</b>',
    moving: '<p>moving</p>',
  });
  expect(page({}, { sections: [still, live] })).toContain('data-live="yes"');
  expect(page({}, { sections: [still] })).not.toContain('data-live');
});

test('the foot says as of when and by which settings, if there are figures', () => {
  const foot = (drawn: Partial<DrawnPage>) =>
    first(page({}, drawn).replace(/<time[^>]*>|<\/time>/g, ''), /<footer[^>]*>(.*?)<\/p>/s);
  expect(foot({})).toMatch(/Figures as of 2026-11-24 12:00:00 UTC\. Metric version m-1\. Intervals are 95 %/);
  expect(foot({ asOf: 0, metricVersions: [] })).toMatch(/<p>Intervals are/);
  expect(foot({ asOf: undefined, metricVersions: [], method: 'Counted.' })).toBe('<p>Counted.');
  expect(foot({ metricVersions: ['a', 'b', 'c', 'd', 'e'] })).toContain('5 metric versions (a, b, c, d, e): ');
  expect(foot({ metricVersions: ['a', 'b', 'c', 'd', 'e', 'f'] })).toContain('6 metric versions (a, b, c, d, e, …): ');
});

test('a page of nothing is a page', () => {
  const empty = page({ pages: [], projects: [] }, { sections: [], metricVersions: [], asOf: undefined });
  expect(empty).toContain('<main id="content"');
  expect(empty).not.toMatch(/undefined|null|NaN/);
});

test('names are text everywhere, and nothing is fetched from another host', () => {
  const markup = page(
    { projects: [{ id: 'shop', name: HOSTILE_NAME }], filter: { ...VIEW.filter, prompt: HOSTILE_NAME } },
    { title: HOSTILE_NAME, metricVersions: [HOSTILE_NAME] },
  );
  expect(markup).not.toMatch(/<img|onerror="/);
  expect(markup).not.toMatch(/(?:src|href|action)="(?:[a-z]+:|\/\/)/i);
  expect(renderMessage(HOSTILE_NAME, HOSTILE_NAME)).not.toMatch(/<img|onerror="/);
});
