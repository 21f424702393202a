// One attempt to bring a stored report to a target. In: the report as the ledger keeps it, byte for byte, the target, surroundings.
// Out: how it ended. Everything is drawn from the stored JSON, so that each attempt and each edition gives the same.
import type { Ending } from '../deliver/attempt.js';
import { safeName, writeFiles } from '../deliver/files.js';
import { mailDomain, type Mail } from '../deliver/mail.js';
import { send, type DeliveryContext } from '../deliver/send.js';
import type { ReportTarget } from './definition.js';
import { reportHtml } from './render/report-html.js';
import { reportMarkdown } from './render/report-markdown.js';
import { reportSlackBody } from './render/report-slack.js';
import { reportSubject } from './render/report-words.js';
import { deliveryId } from './report-id.js';
import { reportSchema, type Report } from './report.js';

export interface ReportDeliveryContext extends DeliveryContext {
  /** Where file targets without a directory of their own write. */
  readonly reportsDirectory: string;
}

export const FORMATS = ['html', 'md', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** The report in a format. JSON is what is stored, byte for byte. */
export function drawn(report: Report, json: string, format: Format): string {
  if (format === 'json') return json;
  return format === 'html' ? reportHtml(report, 'page') : reportMarkdown(report);
}

/** `2026-11-16T06-00-00Z`, with `-edition-2` when it was computed again: no colon, which some systems do not allow. */
export function fileStem({ slot, edition }: Pick<Report, 'slot' | 'edition'>): string {
  const instant = new Date(slot).toISOString().replace(/\.\d+Z$/, 'Z');
  return `${instant.replaceAll(':', '-')}${edition > 1 ? `-edition-${edition}` : ''}`;
}

/** Never rejects. */
export async function sendReport(json: string, to: ReportTarget, context: ReportDeliveryContext): Promise<Ending> {
  try {
    const report = reportSchema.parse(JSON.parse(json));
    if (to.kind === 'file') return await writeReport(report, json, to, context);
    const message = { id: report.id, body: json, slack: () => reportSlackBody(report) };
    const mail = () => reportMail(report, to, context.mailServer?.from ?? '');
    return await send({ ...message, mail }, to, context);
  } catch {
    return { result: 'failed', detail: 'the stored report cannot be read or drawn' };
  }
}

async function writeReport(
  report: Report,
  json: string,
  { directory, formats }: Extract<ReportTarget, { kind: 'file' }>,
  { reportsDirectory }: ReportDeliveryContext,
): Promise<Ending> {
  const files = formats.map((format) => ({
    name: `${fileStem(report)}.${format}`,
    content: drawn(report, json, format),
  }));
  const parts = [report.project.id, report.report.id];
  // what stands in the data directory only its owner may read
  return directory === undefined
    ? await writeFiles(reportsDirectory, parts, files, 0o600)
    : await writeFiles(directory, parts, files);
}

/** The mail: the text, the same for eyes, and the whole page to keep. */
export function reportMail(report: Report, { name }: { readonly name: string }, from: string): Mail {
  const list = [report.report.id, report.project.id].map((part) => part.replace(/[^A-Za-z0-9-]/g, '-')).join('.');
  return {
    subject: reportSubject(report),
    id: deliveryId(report.id, `email:${name}`),
    headers: {
      'X-Tacit-Report': report.id,
      'List-Id': `<${list}.reports.${mailDomain(from)}>`,
      // machines that answer mails leave this one alone
      'X-Auto-Response-Suppress': 'All',
      Precedence: 'bulk',
    },
    text: reportMarkdown(report),
    html: reportHtml(report, 'mail'),
    attachments: [
      {
        filename: `${safeName(report.report.id)}-${fileStem(report)}.html`,
        contentType: 'text/html; charset=utf-8',
        content: reportHtml(report, 'page'),
      },
    ],
  };
}
