// A report as page, mail, Markdown and message: the same figures in all of them, in the same order, as text whatever names say.
import { expect, test } from 'vitest';
import type { Report, ReportRate } from '../../../../../../services/reporter/reports/report.js';
import { MAIL_BYTES_MAX } from '../../../../../../services/reporter/reports/render/mail-html.js';
import { PAGE_STYLE } from '../../../../../../services/reporter/reports/render/page-style.js';
import { reportHtml } from '../../../../../../services/reporter/reports/render/report-html.js';
import { reportMarkdown } from '../../../../../../services/reporter/reports/render/report-markdown.js';
import { reportSlackBody } from '../../../../../../services/reporter/reports/render/report-slack.js';
import { count, percent } from '../../../../../../services/reporter/web/words.js';
import { emptyReport, hostileReport, richReport, youngReport } from '../../../../../support/report-fixture.js';

const FORMATS: readonly (readonly [string, (report: Report) => string])[] = [
  ['page', (report) => reportHtml(report, 'page')],
  ['mail', (report) => reportHtml(report, 'mail')],
  ['Markdown', reportMarkdown],
  ['message', reportSlackBody],
];
const REPORTS: readonly (readonly [string, () => Report])[] = [
  ['a rich report', richReport],
  ['a report over nothing', emptyReport],
  ['a report over one person and one open day', youngReport],
  ['a report of hostile names', hostileReport],
];

/** Text of markup; Markdown has none. */
const textOf = (markup: string) =>
  markup
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/\u00A0/g, ' ')
    .replace(/\s+/g, ' ');

function figuresOf(row: ReportRate): string[] {
  const shares = [row.rate, row.low, row.high, row.editWeighted, row.personRate];
  const counts = [row.mature, row.persons, row.accepted, row.edited, row.rejected, row.ignored, row.shown];
  return [
    ...shares.filter((share) => share !== null).map(percent),
    ...[...counts, row.unresolved, row.sessionPersons].filter((n) => n > 0).map(count),
    ...(row.designEffect === null ? [] : [row.designEffect.toFixed(1)]),
  ];
}

test.each([
  ['page', (text: string) => text.split('<tr').map(textOf)],
  ['mail', (text: string) => text.split(/<tr(?=>\s*<th scope="rowgroup")/).map(textOf)],
  ['Markdown', (text: string) => text.split('\n- ')],
] as const)('every figure of every rate stands in its row of the %s', (format, rowsOf) => {
  const report = richReport();
  const draw = FORMATS.find(([name]) => name === format)?.[1];
  const rows = rowsOf(draw?.(report) ?? '');
  for (const rate of [...report.totals, ...(report.rates?.rows ?? [])]) {
    const figures = figuresOf(rate);
    expect(figures.length).toBeGreaterThan(9);
    const names =
      rate.promptId === '' ? ['All prompts'] : [rate.promptId, `version ${rate.promptVersion}`, rate.modelVersion];
    const found = rows.filter((row) => [...names, ...figures].every((part) => row.includes(part)));
    expect({ names, found: found.length }).toEqual({ names, found: 1 });
  }
});

test.each(FORMATS.slice(0, 3))(
  'every figure of the days, buckets and data quality stands in the %s',
  (_format, draw) => {
    const report = richReport();
    const text = textOf(draw(report));
    const [trend] = report.trend ?? [];
    const buckets = [
      report.edits?.sizes,
      report.ignores?.reasons,
      report.decisions?.times,
      report.ratings?.labels,
    ].flat();
    for (const bucket of buckets) expect(text).toContain(bucket?.label);
    const { quality, edits } = report;
    const numbers = [
      ...(trend?.days.slice(-14) ?? []).flatMap(({ mature, shown, persons }) => [mature, shown, persons]),
      ...buckets.map((bucket) => bucket?.generations ?? -1),
      ...(edits?.retention ?? []).flatMap(({ measured, retained }) => [measured, retained]),
      ...(report.rejected?.prompts ?? []).flatMap((row) => [row.rejected, row.mature, row.persons]),
      ...[quality?.orphans, quality?.late, quality?.forced, quality?.clockSuspects, quality?.notShown].map(
        (n) => n ?? -1,
      ),
    ];
    for (const n of numbers) expect(text).toContain(count(n));
    for (const day of trend?.days.slice(-14) ?? []) if (day.rate !== null) expect(text).toContain(percent(day.rate));
    for (const { shrunk } of report.rejected?.prompts ?? []) expect(text).toContain(percent(shrunk));
  },
);

test.each(FORMATS.flatMap(([format, draw]) => REPORTS.map(([name, make]) => [format, name, draw, make] as const)))(
  'the %s of %s is the same twice, and says nothing that is no word',
  (_format, _name, draw, make) => {
    const once = draw(make());
    expect(draw(make())).toBe(once);
    expect(textOf(once)).not.toMatch(/\b(NaN|undefined|null|Infinity|Invalid Date)\b|\[object/);
  },
);

const HEADINGS = [
  'In short',
  'The whole project',
  'What changed since the last report',
  'Rates by prompt version and model version',
  'Rates by day',
  'Most rejected prompts',
  'Edits, and what is left later',
  'Why generations were ignored',
  'Time to decide',
  'Explicit ratings',
  'Data quality',
  'How this was measured',
];

function headingsOf(text: string): string[] {
  const found = text.startsWith('#') ? text.matchAll(/^## (.*)$/gm) : text.matchAll(/<h2[^>]*>([^<]*)<\/h2>/g);
  return [...found].map(([, heading = '']) => heading);
}

test.each(FORMATS.slice(0, 3))('the %s begins with the headline and ends with the method', (_format, draw) => {
  expect(headingsOf(draw(richReport()))).toEqual(HEADINGS);
});

test.each(FORMATS.slice(0, 3))('a section that a report does not have is left out of the %s', (_format, draw) => {
  const bare: Report = {
    ...richReport(),
    rates: null,
    trend: null,
    changes: null,
    rejected: null,
    edits: null,
    ignores: null,
    decisions: null,
    ratings: null,
    quality: null,
  };
  expect(headingsOf(draw(bare))).toEqual(['In short', 'The whole project', 'How this was measured']);
});

test.each(FORMATS.slice(0, 3))('sections over nothing say so in the %s', (_format, draw) => {
  const text = textOf(draw(emptyReport()));
  for (const words of [
    'No generation is known in this window.',
    'There is no report before this one to compare with.',
    'No prompt version was shown in this window.',
    'No day of this window has figures.',
    'No prompt has a final generation to rank by.',
    'nothing can be said about edits.',
    'No mature generation was ignored.',
    'No mature generation was decided on.',
    'None of 0 shown generations was rated.',
    'No event was refused.',
    'As of: nothing was judged yet',
  ])
    expect(text).toContain(words);
});

test.each(FORMATS)('one person has a rate with its n and no interval in the %s', (_format, draw) => {
  const text = textOf(draw(youngReport()));
  expect(text).toContain('50.0 %');
  expect(text).toContain('n = 4');
  expect(text).toContain('no interval: one person');
});

test.each(FORMATS)('the %s says when it was computed again, and as of when', (_format, draw) => {
  const again = textOf(draw({ ...richReport(), edition: 2, madeAt: '2026-11-20T09:30:00Z' }));
  expect(again).toContain('Edition 2: computed again on 20 Nov 2026, 10:30 UTC+1');
  expect(textOf(draw(richReport()))).not.toContain('omputed again');
  expect(again).toContain('As of: 16 Nov 2026, 05:58 UTC+1');
  expect(again).toContain('m-4b1d90c2aa');
});

test.each(FORMATS.slice(0, 2))(
  'in the %s a hostile name stays text, and nothing is fetched or run',
  (_format, draw) => {
    const markup = draw(hostileReport());
    const tags = (markup.match(/<[^>]*>/g) ?? []).join('\n');
    expect(tags.replace(/="[^"]*"/g, '=')).not.toMatch(
      /^<(img|script|link|iframe|object|embed|form|base)|\s(on\w+|src|srcset|background)=/im,
    );
    for (const [, address = ''] of tags.matchAll(/href="([^"]*)"/g))
      expect(address).toMatch(/^https:\/\/quality\.example\.com\//);
    expect(/<style>.*?<\/style>/s.exec(markup)?.[0]).not.toMatch(/url\(|@import/);
    expect(markup).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');

    expect(markup).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/);
  },
);

test('a link that is not of the web is none', () => {
  for (const [, draw] of FORMATS) {
    const text = draw({ ...richReport(), link: 'javascript:alert(1)' });
    expect(text).not.toContain('javascript:');
    expect(text).not.toContain('Open the page');
  }
});

test('the style sheet stands in the page to the byte, and nothing else is styled inline', () => {
  const page = reportHtml(richReport(), 'page');
  expect([...page.matchAll(/<style>(.*?)<\/style>/gs)].map(([, text]) => text)).toEqual([PAGE_STYLE]);
  expect(page).not.toMatch(/\sstyle="/);
});

test('ids are not used twice, and headings go down one step at a time', () => {
  for (const [, make] of REPORTS) {
    const page = reportHtml(make(), 'page');
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const levels = [...page.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
  }
});

test('a mail has no drawing that mail programs drop, and its widest part is 640 px', () => {
  const mail = reportHtml(richReport(), 'mail');
  expect(mail).not.toMatch(/<svg|<details|<section|var\(|display:(flex|grid)/);
  expect(mail).toContain('max-width:640px');
  expect(mail).toContain('<meta name="color-scheme" content="light dark" />');
  expect(mail).not.toMatch(/#(000|fff)(000|fff)?\b/i);
  expect(Math.max(...mail.split('\n').map((line) => line.length))).toBeLessThan(5000);
  // below the subject, before everything else
  expect(textOf(mail.slice(mail.indexOf('<body')))).toMatch(/^\s*Worse: /);
});

test('a usual mail shows all rows and all days of its first chart; what does not fit is counted, however long', () => {
  const rich = richReport();
  expect(reportHtml(rich, 'mail').match(/[^>]*in the attached report/g)).toEqual([
    'and 1 more chart in the attached report',
  ]);
  const rows = Array.from({ length: 500 }, (_, index) => ({
    ...(rich.rates?.rows[0] as ReportRate),
    promptId: `${index} ${'<'.repeat(900)}`,
  }));
  const long = '&'.repeat(4000);
  const huge: Report = {
    ...hostileReport(),
    rates: { rows, total: 900 },
    totals: rows,
    notes: Array<string>(50).fill(long),
    headline: Array.from({ length: 60 }, () => ({
      ...(rich.headline[0] as Report['headline'][number]),
      sentence: long,
    })),
    trend: Array.from(
      { length: 12 },
      () => ({ ...(hostileReport().trend ?? [])[0], promptId: long.slice(0, 1000) }) as never,
    ),
    rejected: { prompts: [], mean: null, metricVersion: '', notes: Array<string>(50).fill(long) },
  };
  const mail = reportHtml(huge, 'mail');
  expect(Buffer.byteLength(mail)).toBeLessThanOrEqual(MAIL_BYTES_MAX);
  expect(mail).toMatch(/and 49\d more rows in the attached report/);
  expect(mail).toMatch(/and \d+ more sentences in the attached report/);
  expect(mail).toMatch(/and \d+ more charts in the attached report/);
  expect(mail).toMatch(/and 4\d more notes in the attached report/);
});
