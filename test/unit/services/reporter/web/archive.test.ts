// The archive of reports: slots by the clocks of a zone, where documents are, where deliveries stand; the policy of a document.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ReportRun, TargetRun } from '../../../../../services/reporter/reports/ledger.js';
import { reportDefinitionSchema } from '../../../../../services/reporter/reports/definition.js';
import { scheduledReports } from '../../../../../services/reporter/web/archive-scheduled.js';
import { policyOf } from '../../../../../services/reporter/web/archive-policy.js';
import {
  ARCHIVE_SHOWN_MAX,
  archiveSection,
  scheduledSection,
  type ArchiveView,
} from '../../../../../services/reporter/web/archive-section.js';
import {
  deliveryWords,
  runWords,
  slotWords,
  storedAddress,
} from '../../../../../services/reporter/web/archive-words.js';
import type { Html } from '../../../../../services/reporter/web/html.js';

const NOW = Date.UTC(2026, 10, 24, 12);
const SLOT = Date.UTC(2026, 10, 16, 6);

function said(markup: Html): string {
  return markup.markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

const run: ReportRun = {
  report: 'weekly',
  slot: SLOT,
  status: 'rendered',
  detail: '',
  editions: [{ edition: 1, madeAt: NOW - 3_600_000 * 5 }],
  targets: [{ target: 'email:lead', edition: 1, status: 'sent', detail: '', attempt: 1, at: NOW - 3_600_000 * 4 }],
};
const view: ArchiveView = {
  project: 'shop',
  runs: [run],
  scheduled: [
    { id: 'weekly', title: 'Weekly quality report', timeZone: 'Europe/Berlin', nextSlot: SLOT + 14 * 86_400_000 },
  ],
  now: NOW,
};

describe('a slot', () => {
  test.each([
    ['UTC', 'Mon 16 Nov 2026, 06:00'],
    ['Europe/Berlin', 'Mon 16 Nov 2026, 07:00'],
    ['America/Los_Angeles', 'Sun 15 Nov 2026, 22:00'],
    ['Asia/Kolkata', 'Mon 16 Nov 2026, 11:30'],
  ])('is said by the clocks of %s', (zone, words) => {
    expect(slotWords(SLOT, zone)).toBe(words);
  });
  test('at midnight is 00:00, and one of summer has summer time', () => {
    expect(slotWords(Date.UTC(2026, 10, 16), 'UTC')).toBe('Mon 16 Nov 2026, 00:00');
    expect(slotWords(Date.UTC(2026, 6, 6, 6), 'Europe/Berlin')).toBe('Mon 6 Jul 2026, 08:00');
  });
});

test('a stored report has an address by project, report and slot in UTC', () => {
  expect(storedAddress({ project: 'a/b', report: 'weekly', slot: SLOT, format: 'md' })).toBe(
    '/reports/a%2Fb/weekly/2026-11-16T06:00:00Z.md',
  );
  expect(storedAddress({ project: 'shop', report: 'weekly', slot: SLOT, format: 'html', edition: 2 })).toBe(
    '/reports/shop/weekly/2026-11-16T06:00:00Z.html?edition=2',
  );
});

test('a project gets the reports of all projects and those that name it, each with its next slot', () => {
  const definition = (over: object) =>
    reportDefinitionSchema.parse({ id: 'daily', cron: '0 6 * * *', windowDays: 7, ...over });
  const definitions = [
    definition({ title: 'Daily', timeZone: 'Europe/Berlin' }),
    definition({ id: 'own', projects: ['shop', 'other'], cron: '0 6 * * 1' }),
    definition({ id: 'foreign', projects: ['other'] }),
  ];
  expect(scheduledReports(definitions, 'shop', NOW)).toEqual([
    { id: 'daily', title: 'Daily', timeZone: 'Europe/Berlin', nextSlot: Date.UTC(2026, 10, 25, 5) },
    { id: 'own', title: 'own', timeZone: 'UTC', nextSlot: Date.UTC(2026, 10, 30, 6) },
  ]);
});

describe('the archive', () => {
  test('says report, slot with its time zone, documents and deliveries', () => {
    expect(said(archiveSection(view))).toContain(
      'Weekly quality report weekly Mon 16 Nov 2026, 07:00 Europe/Berlin Page of Weekly quality report, Mon 16 Nov 2026, 06:00 UTC · Markdown',
    );
    expect(said(archiveSection(view))).toContain('lead email delivered 4 h ago');
    expect(archiveSection(view).markup).toContain('href="/reports/shop/weekly/2026-11-16T06:00:00Z.html"');
  });
  test('lists every edition, the newest first, each with its own address', () => {
    const twice = { ...run, editions: [...run.editions, { edition: 2, madeAt: NOW - 60_000 * 5 }] };
    const markup = archiveSection({ ...view, runs: [twice] });
    expect(said(markup)).toMatch(/Edition 2 .* made 5 min ago, computed again .*Edition 1 .* made 5 h ago/);
    expect(markup.markup).toContain('.json?edition=2"');
  });
  test('knows a report that is not configured any more by its id, in UTC', () => {
    const text = said(archiveSection({ ...view, scheduled: [] }));
    expect(text).toContain('weekly weekly Mon 16 Nov 2026, 06:00 UTC');
  });
  test('without any report says when the next is due and how to make one', () => {
    const text = said(archiveSection({ ...view, runs: [] }));
    expect(text).toContain('No report yet.');
    expect(text).toContain('Weekly quality report: next due Mon 30 Nov 2026, 07:00 , Europe/Berlin.');
    expect(text).toContain('npm run report -- --report weekly --project shop');
    expect(said(archiveSection({ ...view, runs: [], scheduled: [] }))).toContain('None is configured');
    expect(said(archiveSection({ ...view, runs: [], scheduled: undefined }))).toContain(
      'The reports file cannot be used',
    );
    expect(said(scheduledSection({ scheduled: [] }))).toContain('None is configured');
  });
  test('says when it is not all', () => {
    const runs = Array.from({ length: ARCHIVE_SHOWN_MAX }, (_, n) => ({ ...run, slot: SLOT - n * 86_400_000 }));
    expect(said(archiveSection({ ...view, runs }))).toContain('The newest 100. Older ones stay');
    expect(said(archiveSection({ ...view, runs: runs.slice(1) }))).not.toContain('The newest 100');
  });
  test('keeps hostile names as text', () => {
    const hostile = { ...run, report: '<img>', targets: [{ ...(run.targets[0] as TargetRun), target: 'slack:<img>' }] };
    expect(archiveSection({ ...view, runs: [hostile] }).markup).not.toContain('<img');
  });
});

test('each state of a report that is not there has its words', () => {
  expect(runWords({ status: 'rendered', detail: '' })).toBeUndefined();
  expect(runWords({ status: 'skipped', detail: 'missed for 4 days' })).toBe('Not made: missed for 4 days.');
  expect(runWords({ status: 'waiting', detail: 'no answer' })).toContain('tried again: no answer.');
  expect(runWords({ status: 'abandoned', detail: 'no answer' })).toBe('Never made: no answer.');
  expect(runWords({ status: 'claimed', detail: '' })).toBe('Being made.');
});

test.each([
  ['sent', 'delivered 60 s ago after 3 attempts', false],
  ['failed', 'refused for good: why', true],
  ['abandoned', 'never arrived after 3 attempts: why', true],
  ['waiting', 'waiting after 3 attempts: why', true],
  ['unknown', 'perhaps delivered; it is sent again with the same id', true],
  ['skipped', 'not sent: why', false],
  ['claimed', 'on its way', false],
  ['sending', 'on its way', false],
] as const)('a delivery that is %s is said to be "%s"', (status, words, trouble) => {
  const target: TargetRun = { target: 'email:lead', edition: 1, status, detail: 'why', attempt: 3, at: NOW - 60_000 };
  expect(deliveryWords(target, NOW)).toEqual({ said: words, trouble });
});

describe('the policy of a document', () => {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  test('lets its own style sheets in by their hashes, and no script', () => {
    const policy = policyOf('<head><style>a{}</style><style media="print">b{}</style></head><script>x</script>');
    expect(policy).toContain(`style-src ${hash('a{}')} ${hash('b{}')};`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/script-src|unsafe/);
  });
  test('without a style sheet lets none in', () => {
    expect(policyOf('<p>')).toContain("style-src 'none'");
  });
});
