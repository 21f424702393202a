// Small words of reports: subjects, times, escapes, messages within the limits of others.
import { expect, test } from 'vitest';
import {
  intervalWords,
  modelName,
  personWords,
  promptName,
  secondsWords,
} from '../../../../../../services/reporter/reports/render/cell-words.js';
import { escapeMarkdown } from '../../../../../../services/reporter/reports/render/markdown-text.js';
import { cutText, plainText } from '../../../../../../services/reporter/reports/render/plain-text.js';
import {
  SLACK_BLOCKS_MAX,
  SLACK_HEADER_CHARS_MAX,
  SLACK_TEXT_CHARS_MAX,
  reportSlackBody,
} from '../../../../../../services/reporter/reports/render/report-slack.js';
import { SUBJECT_CHARS_MAX, reportSubject } from '../../../../../../services/reporter/reports/render/report-words.js';
import { zonedDay, zonedTime } from '../../../../../../services/reporter/reports/render/zoned-time.js';
import { HOSTILE_NAME, emptyReport, hostileReport, richReport } from '../../../../../support/report-fixture.js';

test('a subject says what matters first, then which report', () => {
  const rich = richReport();
  expect(reportSubject(rich)).toBe(
    'Worse: Summarise: version 8 is accepted less often than version 7 (and 2 more) · Weekly quality report, 16 Nov 2026',
  );
  const only = (index: number) => reportSubject({ ...rich, headline: rich.headline.slice(index, index + 1) });
  expect(only(1)).toBe(
    'Has fallen: summarise has fallen since 3 Nov, the day version 8 went live · Weekly quality report, 16 Nov 2026',
  );
  expect(only(2)).toMatch(/^Better: reply-draft: arm concise is accepted more often than arm control · /);
  expect(reportSubject({ ...rich, edition: 2 })).toMatch(/16 Nov 2026 \(computed again\)$/);
});

test('a subject without news says which report of what', () => {
  expect(reportSubject(emptyReport())).toBe('Weekly quality report, 16 Nov 2026 · Demo product');
});

test('a subject is one line of bounded length, whatever names say', () => {
  const subject = reportSubject(hostileReport());
  expect([...subject].length).toBeLessThanOrEqual(SUBJECT_CHARS_MAX);

  expect(subject).not.toMatch(/[\u0000-\u001F]/);
  const long = { ...richReport(), headline: [{ ...richReport().headline[0], sentence: '😀'.repeat(500) } as never] };
  expect([...reportSubject(long)].length).toBeLessThanOrEqual(SUBJECT_CHARS_MAX);
  expect(reportSubject(long).isWellFormed()).toBe(true);
});

test.each([
  ['2026-11-16T05:00:00Z', 'Europe/Berlin', '16 Nov 2026, 06:00 UTC+1'],
  ['2026-10-25T00:30:00Z', 'Europe/Berlin', '25 Oct 2026, 02:30 UTC+2'],
  ['2026-10-25T01:30:00Z', 'Europe/Berlin', '25 Oct 2026, 02:30 UTC+1'],
  ['2026-03-29T01:00:00Z', 'Europe/Berlin', '29 Mar 2026, 03:00 UTC+2'],
  ['2026-11-16T00:00:00Z', 'UTC', '16 Nov 2026, 00:00 UTC'],
  ['2026-11-16T20:00:00.123Z', 'Asia/Kolkata', '17 Nov 2026, 01:30 UTC+5:30'],
])('%s in %s is %s', (instant, zone, words) => {
  expect(zonedTime(instant, zone)).toBe(words);
  expect(words.startsWith(zonedDay(instant, zone))).toBe(true);
});

test.each([
  [0.42, '0.4 s'],
  [7, '7 s'],
  [59.94, '59.9 s'],
  [59.96, '1 min'],
  [214, '3 min 34 s'],
  [3600, '1 h'],
  [7500, '2 h 5 min'],
  [97_200, '1 d 3 h'],
])('%d seconds are %s', (seconds, words) => {
  expect(secondsWords(seconds)).toBe(words);
});

test('what has no name is named, and what has no interval says why', () => {
  expect([promptName(''), modelName({ model: '', modelVersion: '' })]).toEqual([
    'Answers without a prompt',
    'unknown model',
  ]);
  expect(intervalWords({ rate: null, low: null, high: null }, 0)).toBe('nothing is mature');
  expect(intervalWords({ rate: 0.5, low: null, high: null }, 1)).toBe('no interval: one person');
  expect(intervalWords({ rate: 0.5, low: null, high: null }, 0)).toBe('no interval: no two persons');
  expect(personWords(3, 3)).toEqual(['3 sessions', 'no person is known']);
  expect(personWords(1, 0)).toEqual(['1 person']);
});

test.each([
  ['reply_draft-2, version 8', 'reply_draft-2, version 8'],
  ['*a* _b_ `c` ~d~', '\\*a\\* \\_b\\_ \\`c\\` \\~d\\~'],
  ['[x](javascript:y)', '\\[x\\](javascript:y)'],
  ['<img src=x>', '\\<img src=x\\>'],
  ['a|b\\', 'a\\|b\\\\'],
  ['&amp; & &#60;', '\\&amp; & \\&#60;'],
  ['http://x.example', 'http\\://x.example'],
  ['WWW.x.example a@b.example', 'WWW\\.x.example a\\@b.example'],
  ['# head', '\\# head'],
  ['- item', '\\- item'],
  ['-4.8 points', '-4.8 points'],
  ['1. first', '1\\. first'],
  ['two\r\nlines\u0007', 'two lines'],
  ['', ''],
])('as Markdown %j is %j', (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped);
});

test('plain text is one line without what would turn it round or break it', () => {
  expect(plainText('a\u202Eb\u2066c\n d\uD800')).toBe('abc d\uFFFD');
  expect(cutText('😀😀😀', 3)).toBe('😀😀😀');
  expect(cutText('😀😀😀😀', 3)).toBe('😀😀…');
});

interface SlackText {
  readonly type: string;
  readonly text: string;
}
interface SlackBlock {
  readonly type: string;
  readonly text?: SlackText;
  readonly elements?: readonly SlackText[];
}

test('a message keeps to the limits of Slack, and names are neither markup nor mentions', () => {
  const rich = richReport();
  const long = '&'.repeat(4000);
  const huge = {
    ...hostileReport(),
    notes: Array<string>(90).fill(long),
    headline: Array.from({ length: 90 }, () => ({ ...rich.headline[0], sentence: long }) as never),
    project: { id: 'x', name: '<'.repeat(1000) },
  };
  for (const report of [rich, emptyReport(), hostileReport(), huge]) {
    const body = JSON.parse(reportSlackBody(report)) as { text: string; blocks: SlackBlock[] };
    expect(body.blocks.length).toBeLessThanOrEqual(SLACK_BLOCKS_MAX);
    expect(body.text).not.toMatch(/[<>]/);
    for (const block of body.blocks) {
      const texts = [...(block.text === undefined ? [] : [block.text]), ...(block.elements ?? [])];
      for (const { type, text } of texts) {
        expect(text.length).toBeLessThanOrEqual(
          block.type === 'header' ? SLACK_HEADER_CHARS_MAX : SLACK_TEXT_CHARS_MAX,
        );
        expect(text).not.toContain('<!channel>');
        if (type === 'plain_text') expect(text).not.toMatch(/[<>]/);
        else expect(text).toBe('<https://quality.example.com/?project=demo&amp;period=28|Open the page>');
      }
    }
    expect(body.blocks.at(-1)?.text?.type).toBe('mrkdwn');
  }
  expect(reportSlackBody(huge)).toContain('and 84 more notes in the report');
  expect(reportSlackBody(hostileReport())).toContain('&lt;!channel&gt;');
  expect(HOSTILE_NAME).toContain('<!channel>');
});

test('an address cannot end its link early', () => {
  const body = reportSlackBody({ ...richReport(), link: 'https://x.example/?a=|b>c' });
  expect(body).toContain('<https://x.example/?a=%7Cb%3Ec|Open the page>');
});
