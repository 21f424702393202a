// Arguments of npm run report. In: words. Out: what is asked for, or a StartError that says what is wrong.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FORMATS, type Format } from '../../services/reporter/reports/send-report.js';
import { StartError } from '../../shared/runtime/errors.js';

export const USAGE = `npm run report -- --report weekly [--project ID] [--at 2026-11-16[T06:00]] [--edition N] [--format md|html|json] [--out FILE]
    renders the stored report of a slot (the newest one unless --at names it), the same way every time
npm run report -- --report weekly --recompute [--send] ...
    computes it now and stores it as the next edition; writes its file targets, with --send all its targets
npm run report -- --report weekly --preview ...
    computes it now, stores nothing and sends nothing`;

export interface ReportArgs {
  readonly report: string;
  readonly project: string | undefined;
  readonly at: string | undefined;
  readonly edition: number | undefined;
  readonly format: Format;
  readonly out: string | undefined;
  /** What is to be done: render what is stored, store another edition, or neither. */
  readonly verb: 'render' | 'recompute' | 'preview';
  readonly send: boolean;
}

export function readReportArgs(words: readonly string[]): ReportArgs {
  const { report, project, at, out, send = false, recompute = false, preview = false, ...rest } = parsed(words);
  if (report === undefined) throw new StartError(USAGE);
  if (recompute && preview)
    throw new StartError('--recompute stores a report and --preview does not: give one of them');
  if (send && !recompute) throw new StartError('--send goes with --recompute');
  if (rest.edition !== undefined && (recompute || preview))
    throw new StartError('--edition names a stored report: it goes without --recompute and --preview');
  const edition = rest.edition === undefined ? undefined : Number(rest.edition);
  if (edition !== undefined && !(Number.isInteger(edition) && edition >= 1 && edition <= 65_535))
    throw new StartError('--edition takes a whole number from 1 on');
  const verb = recompute ? 'recompute' : preview ? 'preview' : 'render';
  return { report, project, at, edition, out, verb, send, format: formatOf(rest.format, out) };
}

/** As said, else as the name of the file ends, else Markdown. */
function formatOf(said: string | undefined, out: string | undefined): Format {
  const ending = out === undefined ? '' : path.extname(out).slice(1).toLowerCase();
  const word = said ?? (ending === 'htm' ? 'html' : ending);
  const format = FORMATS.find((each) => each === word);
  if (format !== undefined) return format;
  if (said !== undefined) throw new StartError(`--format takes one of ${FORMATS.join(', ')}`);
  return 'md';
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        report: { type: 'string' },
        project: { type: 'string' },
        at: { type: 'string' },
        edition: { type: 'string' },
        format: { type: 'string' },
        out: { type: 'string' },
        recompute: { type: 'boolean' },
        preview: { type: 'boolean' },
        send: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}
