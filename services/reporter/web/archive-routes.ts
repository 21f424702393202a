// Routes below `/reports`: stored reports as documents, drawn from their JSON, the same bytes each time. In: a read token and an
// address. Out: HTML, Markdown, JSON. Must never answer a report of a project that the token does not open.
import { Router, type Request, type Response } from 'express';
import { ClickHouseError } from '../../../shared/runtime/clickhouse.js';
import { tokenOf, visibleProjects } from '../access.js';
import type { AppDependencies } from '../app-dependencies.js';
import { readStoredJson } from '../reports/ledger.js';
import { reportHtml } from '../reports/render/report-html.js';
import { reportMarkdown } from '../reports/render/report-markdown.js';
import { reportSchema, type Report } from '../reports/report.js';
import { policyOf } from './archive-policy.js';
import { REPORT_FORMATS, slotName, type ReportFormat } from './archive-words.js';
import { renderMessage } from './frame.js';

/** What the ledger can hold. */
const EDITION_MAX = 65_535;
const SLOT_S_MAX = 4_294_967_295;

const TYPES: Readonly<Record<ReportFormat, string>> = {
  html: 'text/html; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

export function archiveRoutes({ clickhouse, projects, log }: AppDependencies): Router {
  const router = Router();
  router.get('/reports/:project/:report/:file', async (request, response) => {
    const visible = visibleProjects(projects(), tokenOf(request));
    if (visible.length === 0)
      return say(
        response,
        401,
        'A read token is needed',
        'Open the link with your read token once: it ends in ?token=…',
      );
    const asked = readAddress(request);
    if (asked === undefined)
      return say(
        response,
        400,
        'This address cannot be read',
        'A report is at /reports/<project>/<report>/<slot>.html, .md or .json, where the slot is written as 2026-11-16T06:00:00Z; an edition is a number from 1.',
      );
    const unknown = () =>
      say(response, 404, 'No such report', 'Your token opens no report of this project, name, time and edition.');
    if (!visible.some(({ id }) => id === asked.project)) return unknown();
    try {
      const json = await readStoredJson(clickhouse, asked);
      if (json === undefined) return unknown();
      sendReport(response, asked, json);
    } catch (error) {
      if (!(error instanceof ClickHouseError)) throw error;
      log.warn({ err: error }, 'a report could not be read');
      response.set('Retry-After', '5');
      say(response, 503, 'The report cannot be read now', 'Nothing is lost. Load the page again in a moment.');
    }
  });
  return router;
}

interface Address {
  readonly project: string;
  readonly report: string;
  /** ms. */
  readonly slot: number;
  readonly format: ReportFormat;
  readonly edition?: number;
}

/** Undefined when it is no address of a report. */
function readAddress({ params, query }: Request): Address | undefined {
  const { project, report, file } = params;
  if (typeof project !== 'string' || typeof report !== 'string' || typeof file !== 'string') return undefined;
  const [, name = '', ending] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\.([a-z]+)$/.exec(file) ?? [];
  const slot = Date.parse(name);
  const format = REPORT_FORMATS.find((each) => each === ending);
  // a day that does not exist is read as another one
  if (format === undefined || Number.isNaN(slot) || slotName(slot) !== name) return undefined;
  if (slot < 0 || slot > 1000 * SLOT_S_MAX) return undefined;
  const { edition } = query;
  if (edition === undefined) return { project, report, slot, format };
  if (typeof edition !== 'string' || !/^[1-9]\d{0,4}$/.test(edition) || Number(edition) > EDITION_MAX) return undefined;
  return { project, report, slot, format, edition: Number(edition) };
}

function sendReport(response: Response, { format, report, slot }: Address, json: string): void {
  const stored = format === 'json' ? undefined : parsed(json);
  if (format !== 'json' && stored === undefined)
    return say(
      response,
      500,
      'This report cannot be drawn',
      'This version does not know its format. Its JSON can be read.',
    );
  const text = stored === undefined ? json : format === 'html' ? reportHtml(stored, 'page') : reportMarkdown(stored);
  response.set({
    'Content-Type': TYPES[format],
    'Content-Disposition': `${format === 'md' ? 'attachment' : 'inline'}; filename="${fileName(report, slot)}.${format}"`,
    ...(format === 'html' ? { 'Content-Security-Policy': policyOf(text) } : {}),
  });
  response.send(text);
}

function parsed(json: string): Report | undefined {
  return reportSchema.safeParse(JSON.parse(json)).data;
}

/** Without what file systems and headers do not take. */
function fileName(report: string, slot: number): string {
  return `${report.replace(/[^A-Za-z0-9._-]+/g, '-')}-${slotName(slot).replace(/:/g, '')}`;
}

function say(response: Response, status: number, title: string, text: string): void {
  response
    .status(status)
    .type('html')
    .send(renderMessage(title, text, status === 401 ? 'none' : 'home'));
}
