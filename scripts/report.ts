// npm run report: renders a stored report, computes one again, or previews one. In: arguments, the environment. Out: the report, on
// standard output or in a file; what it is and where it went, on standard error. Must never print a secret.
import { openClickHouse } from '../infra/local/open-clickhouse.js';
import { mailServerOf, reporterConfigSchema, type ReporterConfig } from '../services/reporter/config.js';
import { ownAddress } from '../services/reporter/own-address.js';
import { buildReport } from '../services/reporter/reports/build-report.js';
import { computeReport, storeEdition, type Asked } from '../services/reporter/reports/by-hand.js';
import type { ReportDefinition } from '../services/reporter/reports/definition.js';
import { readStoredJson } from '../services/reporter/reports/ledger.js';
import { isAbout } from '../services/reporter/reports/plan.js';
import { createReportMetrics } from '../services/reporter/reports/report-metrics.js';
import { reportSchema } from '../services/reporter/reports/report.js';
import { readReportsOnce } from '../services/reporter/reports/reports-file.js';
import { daysNotRolledUp } from '../services/reporter/reports/rolled-up-days.js';
import type { RunnerDependencies } from '../services/reporter/reports/runner-dependencies.js';
import { drawn } from '../services/reporter/reports/send-report.js';
import { readClock } from '../services/reporter/rollup/staging.js';
import type { ClickHouse } from '../shared/runtime/clickhouse.js';
import { readConfig } from '../shared/runtime/config.js';
import { ensureDataDir, writeFileAtomic, type DataDir } from '../shared/runtime/data-dir.js';
import { StartError, errorCode } from '../shared/runtime/errors.js';
import { createLogger } from '../shared/runtime/log.js';
import { createMetrics } from '../shared/runtime/metrics.js';
import { openProjectsFile, type ResolvedProject } from '../shared/runtime/projects-file.js';
import { readReportArgs, type ReportArgs } from './reports/args.js';
import { shown, whichSlot } from './reports/which-slot.js';

const say = (line: string) => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const args = readReportArgs(process.argv.slice(2));
  const config = readConfig(reporterConfigSchema, process.env);
  const directory = ensureDataDir(config.TACIT_DATA_DIR);
  const log = createLogger('report', 'warn');
  const projects = await openProjectsFile(config.TACIT_PROJECTS_FILE ?? directory.projectsFile, {
    env: process.env,
    log,
  });
  try {
    const definition = await definitionOf(args.report, config, directory);
    const opened = await openClickHouse({ config, role: 'reporter', log });
    try {
      const dependencies = dependenciesOf(opened.clickhouse, projects.current(), config, directory);
      const slot = whichSlot(definition, args.at, await readClock(opened.clickhouse));
      for (const project of projectsOf(definition, projects.current(), args))
        await give({ definition, project, slot }, args, dependencies);
    } finally {
      await opened.close();
    }
  } finally {
    projects.close();
  }
}

async function definitionOf(id: string, config: ReporterConfig, directory: DataDir): Promise<ReportDefinition> {
  const file = config.TACIT_REPORTS_FILE ?? directory.reportsFile;
  const definitions = await readReportsOnce(file, config.TACIT_REPORTS_FILE !== undefined);
  const definition = definitions.find((each) => each.id === id);
  if (definition !== undefined) return definition;
  const names = definitions.map((each) => each.id).join(', ');
  throw new StartError(
    `There is no report "${id}". There ${definitions.length === 1 ? 'is' : 'are'}: ${names || 'none'}.`,
  );
}

/** Without a name all that the report is about; more than one only as Markdown on standard output. */
function projectsOf(definition: ReportDefinition, known: readonly ResolvedProject[], args: ReportArgs): string[] {
  const about = known.map(({ id }) => id).filter((id) => isAbout(definition, id));
  if (args.project !== undefined) {
    if (about.includes(args.project)) return [args.project];
    throw new StartError(`The report ${definition.id} is not about a project "${args.project}".`);
  }
  if (about.length === 0) throw new StartError(`The report ${definition.id} is about no project that there is.`);
  if (about.length > 1 && (args.out !== undefined || args.format !== 'md'))
    throw new StartError(`Name one project with --project: ${about.join(', ')}.`);
  return about;
}

function dependenciesOf(
  clickhouse: ClickHouse,
  projects: readonly ResolvedProject[],
  config: ReporterConfig,
  directory: DataDir,
): RunnerDependencies {
  const port = config.TACIT_REPORTER_PORT;
  return {
    clickhouse,
    definitions: () => undefined,
    projects: () => projects,
    build: buildReport,
    daysNotRolledUp: async (from, to) => await daysNotRolledUp(clickhouse, from, to),
    delivery: {
      env: process.env,
      mailServer: mailServerOf(config),
      now: () => Date.now(),
      reportsDirectory: directory.reports,
    },
    publicUrl: () => config.TACIT_PUBLIC_URL ?? (port === 0 ? undefined : ownAddress(config.TACIT_HOST, port)),
    metrics: createReportMetrics(createMetrics()),
    log: createLogger('report', 'silent'),
    clock: readClock,
  };
}

async function give(asked: Asked, args: ReportArgs, dependencies: RunnerDependencies): Promise<void> {
  const json = await jsonOf(asked, args, dependencies);
  const report = reportSchema.parse(JSON.parse(json));
  const what = `${report.report.id} of ${report.project.id}, slot ${shown(asked.slot)}, edition ${report.edition}`;
  const how = { render: 'as stored', recompute: 'computed now and stored', preview: 'computed now, not stored' };
  say(`${what}, ${how[args.verb]}${args.out === undefined ? '' : `: ${args.out}`}`);
  const text = drawn(report, json, args.format);
  if (args.out === undefined) await print(ended(text));
  else await writeOut(args.out, text);
}

/** Who reads may leave before the end, as `head` does; the reports that follow are made all the same. */
async function print(text: string): Promise<void> {
  if (!process.stdout.writable) return;
  const error = await new Promise((resolve) => process.stdout.write(text, resolve));
  const code = errorCode(error);
  if (error instanceof Error && code !== 'EPIPE')
    throw new StartError(`The report cannot be printed: ${code ?? error.message}`);
}

/** JSON is stored without an end of line. */
function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

async function writeOut(file: string, text: string): Promise<void> {
  try {
    await writeFileAtomic(file, ended(text), 0o666);
  } catch (error) {
    throw new StartError(`${file} cannot be written: ${errorCode(error) ?? String(error)}`);
  }
}

async function jsonOf(asked: Asked, args: ReportArgs, dependencies: RunnerDependencies): Promise<string> {
  const { definition, project, slot } = asked;
  if (args.verb === 'preview') return await computeReport(asked, dependencies);
  if (args.verb === 'recompute') return await recompute(asked, args, dependencies);
  const edition = args.edition === undefined ? {} : { edition: args.edition };
  const json = await readStoredJson(dependencies.clickhouse, { project, report: definition.id, slot, ...edition });
  if (json !== undefined) return json;
  const which = `${definition.id} of ${project}, slot ${shown(slot)}${args.edition === undefined ? '' : `, edition ${args.edition}`}`;
  throw new StartError(`${which} is not stored. --recompute computes and stores it, --preview only shows it.`);
}

async function recompute(asked: Asked, args: ReportArgs, dependencies: RunnerDependencies): Promise<string> {
  const { targets } = asked.definition;
  const wanted = targets.filter(({ kind }) => args.send || kind === 'file');
  const { json, targets: ends } = await storeEdition(asked, wanted, dependencies);
  for (const { target, status, detail } of ends) {
    if (status !== 'sent') process.exitCode = 1;
    say(`${target}: ${status === 'waiting' ? `${detail}; the reporter tries again` : `${status}, ${detail}`}`);
  }
  const left = targets.length - wanted.length;
  if (left > 0) say(`Not sent to ${left} other ${left === 1 ? 'target' : 'targets'}; --send would.`);
  return json;
}

// print hears of it by itself
process.stdout.on('error', () => undefined);
try {
  await main();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
