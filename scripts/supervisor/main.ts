// npm start: one supervisor for the embedded ClickHouse and for a child process per service. In: the environment and the data
// directory. Out: everything running, run.json, and a few lines that say what to open. It takes no requests itself.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { ensureDataDir, type DataDir } from '../../shared/runtime/data-dir.js';
import { StartError } from '../../shared/runtime/errors.js';
import { createLogger, type Logger } from '../../shared/runtime/log.js';
import { acquireProcessLock } from '../../shared/runtime/process-lock.js';
import { sleep } from '../../shared/runtime/retry.js';
import { readSupervisorArgs, type SupervisorArgs } from './args.js';
import { openBroker, type Broker } from './broker.js';
import { openDatabase, type Database } from './database.js';
import { SupervisedChild } from './child.js';
import { readSupervisorConfig, type SupervisorConfig } from './config.js';
import { ensureDemoProjects, type DemoProjects } from './demo-projects.js';
import { choosePort } from '../../shared/runtime/choose-port.js';
import { removeRunFile, writeRunFile, type RunFile } from './run-file.js';
import { origin, serviceEnv, serviceFile, stopChildren, type Addresses, type ServiceName } from './services.js';
import { welcome } from './welcome.js';

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** A start that takes longer says what it is doing, ms. */
const SAY_AFTER_MS = 2000;

/** What has been started so far, so that a stop at any moment stops all of it. */
interface Running {
  readonly children: Map<ServiceName, SupervisedChild>;
  database: Database | undefined;
  broker: Broker | undefined;
  /** Database or broker are being opened. */
  opening: boolean;
  /** Nothing more is started once this is set. */
  stopping: boolean;
}

async function chooseAddresses(config: SupervisorConfig): Promise<Addresses> {
  const host = config.TACIT_HOST;
  return {
    host,
    collectorPort: await choosePort(host, config.TACIT_COLLECTOR_PORT),
    reporterPort: await choosePort(host, config.TACIT_REPORTER_PORT),
    demoPort: await choosePort(host, config.TACIT_DEMO_PORT),
  };
}

/** What this run was told. */
interface Told {
  readonly config: SupervisorConfig;
  readonly args: SupervisorArgs;
  readonly dirs: DataDir;
  readonly log: Logger;
}

async function startAll(told: Told, running: Running, gaveUp: (line: string) => void): Promise<RunFile> {
  const { config, dirs } = told;
  const addresses = await chooseAddresses(config);
  const demoOrigins = [
    ...new Set([origin(addresses.host, addresses.demoPort), `http://localhost:${addresses.demoPort}`]),
  ];
  const projectsFile = config.TACIT_PROJECTS_FILE ?? dirs.projectsFile;
  const { demo }: DemoProjects = await ensureDemoProjects(projectsFile, dirs.secretsFile, demoOrigins);
  const { database, broker } = await openStores(told, projectsFile, running, gaveUp);
  if (running.stopping) throw new StartError('stopped while starting');
  const logs = path.join(dirs.root, 'logs');
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const around = {
    env: process.env,
    dataDir: dirs.root,
    projectsFile,
    addresses,
    clickhouse: database,
    brokers: broker?.brokers,
    demo,
  };
  const names: ServiceName[] = ['collector', 'sink', 'reporter', ...(demo === undefined ? [] : (['demo'] as const))];
  await Promise.all(
    names.map(async (name) => {
      const child = new SupervisedChild({
        name,
        file: serviceFile(name),
        env: serviceEnv(name, around),
        logFile: path.join(logs, `${name}.log`),
        say,
        gaveUp,
      });
      running.children.set(name, child);
      await child.start();
    }),
  );
  return {
    pid: process.pid,
    collector: origin(addresses.host, addresses.collectorPort),
    reporter: origin(addresses.host, addresses.reporterPort),
    demo: demo === undefined ? null : origin(addresses.host, addresses.demoPort),
    clickhouse: {
      url: database.url,
      database: database.database,
      analyst: demo === undefined ? null : database.analyst('demo'),
    },
    kafka: broker === undefined ? null : { brokers: broker.brokers },
    project: demo === undefined ? null : { id: 'demo', ...demo },
  };
}

/** Database and broker, side by side. What was opened is known to `running` also when the other one fails. */
async function openStores(
  { config, args, dirs, log }: Told,
  projectsFile: string,
  running: Running,
  gaveUp: (line: string) => void,
): Promise<{ database: Database; broker: Broker | undefined }> {
  const around = { env: process.env, config, dirs, log, gaveUp };
  const [database, broker] = await Promise.allSettled([
    openDatabase({ ...around, projectsFile }).then((opened) => (running.database = opened)),
    openBroker({ ...around, local: args.kafka, say }).then((opened) => (running.broker = opened)),
  ]);
  running.opening = false;
  if (database.status === 'rejected') throw database.reason;
  if (broker.status === 'rejected') throw broker.reason;
  return { database: database.value, broker: broker.value };
}

/** A database or broker that is just being opened is waited for so long before its own life line ends it, ms. */
const STOP_WHILE_STARTING_MS = 4000;

async function stopAll(running: Running, dirs: DataDir, started: Promise<unknown>): Promise<void> {
  running.stopping = true;
  await removeRunFile(dirs.runFile);
  await stopChildren(running.children);
  if (running.opening) await Promise.race([started, sleep(STOP_WHILE_STARTING_MS)]);
  // behind the services nothing needs the other any more
  await Promise.all([running.broker?.stop(), running.database?.stop()]);
}

async function main(): Promise<number> {
  const args = readSupervisorArgs(process.argv.slice(2));
  const config = readSupervisorConfig(process.env);
  const dirs = ensureDataDir(config.TACIT_DATA_DIR);
  const log = createLogger('supervisor', config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL);
  const lock = await acquireProcessLock(path.join(dirs.root, 'supervisor.lock'));
  await removeRunFile(dirs.runFile);
  const running: Running = {
    children: new Map(),
    database: undefined,
    broker: undefined,
    opening: true,
    stopping: false,
  };
  const stopAsked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  let giveUp: (line: string) => void = () => undefined;
  const failed = new Promise<string>((resolve) => (giveUp = resolve));
  const started = startAll({ config, args, dirs, log }, running, giveUp).then(
    async (run) => {
      if (running.stopping) return;
      await writeRunFile(dirs.runFile, run);
      process.stdout.write(`\n${welcome(run, dirs.root)}\n`);
    },
    (error: unknown) => {
      if (!(error instanceof StartError)) log.fatal({ err: error }, 'the start failed');
      giveUp(error instanceof Error ? error.message : String(error));
    },
  );
  const slow = setTimeout(() => say('Starting ClickHouse and the services ...'), SAY_AFTER_MS);
  void started.finally(() => clearTimeout(slow));
  const problem = await Promise.race([stopAsked, failed]);
  say(problem === undefined ? '\nStopping ...' : `Tacit stops: ${problem}`);
  await stopAll(running, dirs, started);
  await lock.release();
  if (problem === undefined) say('Stopped. Nothing is lost; npm start goes on from here.');
  return problem === undefined ? 0 : 1;
}

try {
  process.exit(await main());
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  say(error.message);
  process.exit(1);
}
