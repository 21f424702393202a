// What a report is about in one line, for a subject or a notification. In: a report. Out: text of one line, what matters first.
import { count } from '../../web/words.js';
import type { Report } from '../report.js';
import { TONE_WORDS } from './page-blocks.js';
import { cutText, plainText } from './plain-text.js';
import { zonedDay } from './zoned-time.js';

export const SUBJECT_CHARS_MAX = 150;
/** Characters of the sentence in it. */
export const SUBJECT_SENTENCE_CHARS_MAX = 80;
/** Characters of the report's title in it. */
const TITLE_CHARS_MAX = 40;

/** `Worse: summarise: Version 8 is accepted less … (and 1 more) · Weekly quality report, 16 Nov 2026`. */
export function reportSubject(report: Report): string {
  const { title, timeZone } = report.report;
  const again = report.edition > 1 ? ' (computed again)' : '';
  const what = `${cutText(plainText(title), TITLE_CHARS_MAX)}, ${zonedDay(report.slot, timeZone)}${again}`;
  const news = newsOf(report);
  return cutText(news === '' ? `${what} · ${plainText(report.project.name)}` : `${news} · ${what}`, SUBJECT_CHARS_MAX);
}

/** The first finding; empty when nothing asks for attention. */
function newsOf({ headline }: Report): string {
  const findings = headline.filter(({ tone }) => tone !== 'neutral');
  const [first] = findings;
  if (first === undefined) return '';
  const more = findings.length > 1 ? ` (and ${count(findings.length - 1)} more)` : '';
  return `${TONE_WORDS[first.tone]}: ${cutText(shortened(first.sentence), SUBJECT_SENTENCE_CHARS_MAX)}${more}`;
}

/** A sentence without its figures: they follow after a colon and a sign or a digit. */
function shortened(sentence: string): string {
  return plainText(sentence).replace(/[:,] [−+]?\d.*$/u, '');
}
