// A report as one HTML document. In: a report, and whether a browser or a mail program shows it. Out: the document, the same bytes
// for the same report. Must never hold a script or refer to anything that would be fetched.
import type { Report } from '../report.js';
import { mailHtml } from './mail-html.js';
import { pageHtml } from './page-html.js';
import { reportDocument } from './report-document.js';
import { reportSubject } from './report-words.js';

export function reportHtml(report: Report, media: 'page' | 'mail'): string {
  const document = reportDocument(report);
  return media === 'page' ? pageHtml(document) : mailHtml(document, reportSubject(report));
}
