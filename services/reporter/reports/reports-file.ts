// Reads the reports file and follows its changes. In: a path. Out: the definitions of reports. A version that cannot be used is
// logged (never a value of it) and the last good one stays; without any file there are the default reports.
import { readFile } from 'node:fs/promises';
import { StartError, errorCode } from '../../../shared/runtime/errors.js';
import { followFile, parseJsonFile, UnusableFile } from '../../../shared/runtime/followed-file.js';
import type { Logger } from '../../../shared/runtime/log.js';
import { DEFAULT_REPORTS, reportsFileSchema, type ReportDefinition } from './definition.js';

export interface ReportsFileOptions {
  /** False: it may be absent, and then there are the default reports. */
  readonly wanted: boolean;
  /** Ids of the projects that there are, to say which names in the file are none. */
  readonly projects: () => readonly string[];
  readonly log: Logger;
  /** How often the file is looked at, ms. */
  readonly pollMs?: number;
}

export interface OpenReportsFile {
  /** The newest usable version; undefined while there has been none. */
  current(): readonly ReportDefinition[] | undefined;
  close(): void;
}

/** Never rejects: a reporter that can make no reports still rolls up and shows its pages. */
export async function openReportsFile(file: string, options: ReportsFileOptions): Promise<OpenReportsFile> {
  const { log } = options;
  let definitions: readonly ReportDefinition[] | undefined;
  const take = (read: readonly ReportDefinition[]) => {
    definitions = read;
    const unknown = unknownProjects(read, options.projects());
    if (unknown.length > 0) log.warn({ at: unknown }, 'the reports file names projects that are not there');
  };
  const followed = followFile(file, {
    parse: parseReports,
    onRead: (read) => {
      take(read);
      log.info({ reports: read.length }, 'the reports file was read again');
    },
    onProblem: (problem) => {
      if (problem === 'ENOENT' && !options.wanted && definitions === DEFAULT_REPORTS) return;
      if (definitions === undefined) log.error({ problem }, 'the reports file is not usable; no reports are made');
      else log.warn({ problem }, 'the reports file is not usable; its last good version stays');
    },
    ...(options.pollMs === undefined ? {} : { pollMs: options.pollMs }),
  });
  try {
    take(await followed.read());
  } catch (error) {
    if (!options.wanted && errorCode(error) === 'ENOENT') definitions = DEFAULT_REPORTS;
    else log.error({ problem: problemOf(error) }, 'the reports file is not usable; no reports are made');
  }
  followed.follow();
  return { current: () => definitions, close: () => followed.close() };
}

/** The reports as they are now. Rejects with StartError, in one clear line, when the file is not usable. */
export async function readReportsOnce(file: string, wanted: boolean): Promise<readonly ReportDefinition[]> {
  try {
    return parseReports(await readFile(file, 'utf8'));
  } catch (error) {
    if (!wanted && errorCode(error) === 'ENOENT') return DEFAULT_REPORTS;
    throw new StartError(`The reports file ${file} is not usable: ${problemOf(error)}`);
  }
}

/** Parses one version of the file. Throws UnusableFile, whose message names each problem by its place and no value. */
export function parseReports(text: string): readonly ReportDefinition[] {
  return parseJsonFile(text, reportsFileSchema).reports;
}

export function problemOf(error: unknown): string {
  if (error instanceof UnusableFile) return error.message;
  const code = errorCode(error);
  return code === 'ENOENT' ? 'it is missing' : (code ?? 'it cannot be read');
}

/** Places of the file that name a project which is not there. */
export function unknownProjects(definitions: readonly ReportDefinition[], known: readonly string[]): string[] {
  return definitions.flatMap(({ projects = [] }, report) =>
    projects.flatMap((project, at) => (known.includes(project) ? [] : [`reports.${report}.projects.${at}`])),
  );
}
