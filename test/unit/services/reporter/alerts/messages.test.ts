// What people read: lines, subjects, the message for Slack and both parts of a mail. Names that others sent stay text.
import { describe, expect, test } from 'vitest';
import { messageId } from '../../../../../services/reporter/deliver/mail.js';
import { mailHtml, mailText } from '../../../../../services/reporter/alerts/mail.js';
import { SUBJECT_CHARS_MAX, factsOf, oneLine, subjectOf } from '../../../../../services/reporter/alerts/facts.js';
import { escapeSlack, slackBody } from '../../../../../services/reporter/alerts/slack.js';
import { fallenAlert, worseAlert } from '../../../../support/alerts.js';

const HOSTILE = '<!channel> <https://evil.example|x> & <img src=x onerror=alert(1)>\r\nBcc: a@b.example';

test('a comparison has its difference, interval, rates, n, persons and dates', () => {
  expect(factsOf(worseAlert()).map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'Difference: −4.8 points',
    'Interval (95 %): −7.1 to −2.5 points, valid however often we look',
    'Rates: version 7: 41.2 %, version 8: 36.4 %',
    'Generations: 12,345',
    'Persons: 1,312',
    'Since: 2026-11-12 (UTC)',
    'Surface: web',
    'Computed: 2026-11-14T00:05:00.000Z, settings m-1',
  ]);
});

test('a fallen rate has its rate, what it was, interval, n, persons and dates', () => {
  expect(factsOf(fallenAlert()).map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'Rate: 33.0 %, before 40.0 %',
    'Interval (95 %): 31.0 % to 35.0 %',
    'Generations: 4,000',
    'Persons: 410',
    'Since: 2026-11-03 (UTC)',
    'Computed: 2026-11-14T00:05:00.000Z, settings m-1',
  ]);
});

test('an interval that was widened for many comparisons says its own level, and a bound that rounds to zero has no minus', () => {
  const lines = factsOf(worseAlert({ interval: { low: -0.071, high: -0.0004, level: 0.9983 } }));
  expect(lines[1]).toEqual({
    label: 'Interval (99.83 %)',
    value: '−7.1 to +0.0 points, valid however often we look',
  });
});

test('a subject is one line of bounded length', () => {
  expect(subjectOf(worseAlert())).toBe('Tacit: summarise (shop): version 8 is worse than version 7');
  expect(subjectOf(fallenAlert({ prompt: '' }))).toBe('Tacit: shop: the acceptance rate has fallen');
  const long = subjectOf(worseAlert({ prompt: HOSTILE.repeat(5) }));
  expect(long).toHaveLength(SUBJECT_CHARS_MAX);
  expect(long).not.toMatch(/[\r\n]/);
});

test('a line is cut one past its bound', () => {
  expect(oneLine('abcd', 4)).toBe('abcd');
  expect(oneLine('abcde', 4)).toBe('abc…');
});

describe('Slack', () => {
  const bodyOf = (sentence: string) =>
    JSON.parse(slackBody(worseAlert({ sentence }))) as {
      text: string;
      blocks: { type: string; text?: { type: string; text: string }; elements?: { type: string; text: string }[] }[];
    };

  test('the message has the sentence, every line and the link', () => {
    const { text, blocks } = bodyOf('Version 8 is accepted less often.');
    expect(text).toBe('Tacit: summarise (shop): version 8 is worse than version 7');
    expect(blocks[0]?.text?.text).toBe('Version 8 is accepted less often.');
    expect(blocks.flatMap(({ elements = [] }) => elements.map((element) => element.text))).toHaveLength(8);
    expect(blocks.at(-1)?.text).toEqual({
      type: 'mrkdwn',
      text: '<http://127.0.0.1:7071/?project=shop&amp;prompt=summarise#comparisons|Open the page>',
    });
  });

  test('what somebody sent is plain text, escaped, on one line', () => {
    const { blocks } = bodyOf(HOSTILE);
    expect(blocks[0]?.text).toEqual({
      type: 'plain_text',
      emoji: false,
      text: '&lt;!channel&gt; &lt;https://evil.example|x&gt; &amp; &lt;img src=x onerror=alert(1)&gt; Bcc: a@b.example',
    });
    expect(escapeSlack('&lt;')).toBe('&amp;lt;');
  });

  test('no block is longer than Slack takes, however much is escaped', () => {
    const { blocks } = bodyOf('&'.repeat(4000));
    expect(blocks[0]?.text?.text.length).toBeLessThanOrEqual(3000);
    expect(blocks[0]?.text?.text.length).toBeGreaterThan(2400);
  });
});

describe('mail', () => {
  test('the text has the sentence, every line and the link', () => {
    const text = mailText(worseAlert());
    expect(text.split('\n')[0]).toBe(worseAlert().sentence);
    expect(text).toContain('Interval (95 %): −7.1 to −2.5 points');
    expect(text).toContain(`\n${worseAlert().link}\n`);
  });

  test('the HTML escapes what somebody sent', () => {
    const markup = mailHtml(worseAlert({ sentence: HOSTILE, surface: HOSTILE }));
    expect(markup).not.toContain('<img');
    expect(markup).not.toContain('<https');
    expect(markup).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(markup).toContain('href="http://127.0.0.1:7071/?project=shop&amp;prompt=summarise#comparisons"');
  });

  test('the Message-ID follows from the alert and the domain of the sender', () => {
    const alert = worseAlert();
    expect(messageId(alert.id, 'tacit@example.com')).toBe(`<${alert.id}@example.com>`);
    expect(messageId(alert.id, 'Tacit <tacit@mail.example.com>')).toBe(`<${alert.id}@mail.example.com>`);
  });
});
