// A whole Tacit as a user runs it: the supervisor and its children as processes of their own, in a temporary data directory
// and on free ports. Needs the build in dist/.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureDataDir } from '../../shared/runtime/data-dir.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { sleep } from '../../shared/runtime/retry.js';
import {
  addProject,
  allowReadToken,
  makeSecrets,
  type NewProject,
  type ProjectSecrets,
} from '../../scripts/projects/edit.js';
import { readProjects, writeProjects } from '../../scripts/projects/file.js';
import { ensureDemoProjects } from '../../scripts/supervisor/demo-projects.js';
import type { RunFile } from '../../scripts/supervisor/run-file.js';
import { eventually } from './eventually.js';
import { childrenOf, KAFKA_NODE } from './processes.js';
import { makeTempDir } from './temp-dir.js';

const SUPERVISOR = path.join(projectRoot, 'dist', 'scripts', 'supervisor', 'main.js');

export interface InstanceOptions {
  /** Projects besides `demo` and `traffic`; the demo's read token opens them too. */
  readonly projects?: readonly NewProject[];
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of npm start. */
  readonly args?: readonly string[];
}

export class Instance {
  readonly dataDir: string;
  /** Secrets of the projects of `options.projects`, by id. */
  readonly secrets: ReadonlyMap<string, ProjectSecrets>;
  private readonly env: Readonly<Record<string, string>>;
  private readonly args: readonly string[];
  private readonly removeDir: () => void;
  private child: ChildProcess | undefined;
  private output = '';
  /** After the first start the ports stay: a user's do too. */
  ports: Readonly<Record<string, string>> = {
    TACIT_COLLECTOR_PORT: '0',
    TACIT_REPORTER_PORT: '0',
    TACIT_DEMO_PORT: '0',
    TACIT_CLICKHOUSE_PORT: '0',
  };

  constructor(
    dataDir: string,
    secrets: ReadonlyMap<string, ProjectSecrets>,
    env: Readonly<Record<string, string>>,
    args: readonly string[],
    removeDir: () => void,
  ) {
    this.dataDir = dataDir;
    this.secrets = secrets;
    this.env = env;
    this.args = args;
    this.removeDir = removeDir;
  }

  /** What run.json says. */
  get run(): RunFile {
    return JSON.parse(readFileSync(path.join(this.dataDir, 'run.json'), 'utf8')) as RunFile;
  }

  get pid(): number {
    return this.child?.pid ?? -1;
  }

  /** What it has printed so far. */
  get printed(): string {
    return this.output;
  }

  /** Waits until it has printed this: it is ready a moment before it says so. */
  async says(words: string): Promise<void> {
    await eventually(
      async () => this.output,
      (output) => output.includes(words),
    );
  }

  /** Starts it (again) and waits until it is ready; answers the ms that took. */
  async start(timeoutMs = 60_000): Promise<number> {
    const started = performance.now();
    const runFile = path.join(this.dataDir, 'run.json');
    const child = spawn(process.execPath, [SUPERVISOR, ...this.args], {
      cwd: this.dataDir,
      env: {
        ...process.env,
        ...this.ports,
        ...this.env,
        TACIT_DATA_DIR: this.dataDir,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (this.output += String(data)));
    const isReady = () => existsSync(runFile) && this.run.pid === child.pid;
    while (!isReady()) {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${this.output}`);
      if (performance.now() - started > timeoutMs) throw new Error(`not ready after ${timeoutMs} ms:\n${this.output}`);
      await sleep(20);
    }
    const { collector, reporter, demo, clickhouse } = this.run;
    const portOf = (address: string | null) => (address === null ? '0' : new URL(address).port);
    this.ports = {
      TACIT_COLLECTOR_PORT: portOf(collector),
      TACIT_REPORTER_PORT: portOf(reporter),
      TACIT_DEMO_PORT: portOf(demo),
      TACIT_CLICKHOUSE_PORT: portOf(clickhouse.url),
    };
    return performance.now() - started;
  }

  /** Asks it to stop as Ctrl-C does and waits for its end; answers exit code and ms. */
  async stop(): Promise<{ code: number | null; ms: number }> {
    const child = this.child;
    if (child === undefined) return { code: null, ms: 0 };
    const started = performance.now();
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT');
      await gone;
    }
    this.child = undefined;
    return { code: child.exitCode, ms: performance.now() - started };
  }

  /** Starts a second one in the same data directory, on the same ports; answers how it ended and what it printed. */
  async second(): Promise<{ code: number | null; output: string }> {
    const env = { ...process.env, ...this.ports, ...this.env, TACIT_DATA_DIR: this.dataDir };
    const child = spawn(process.execPath, [SUPERVISOR, ...this.args], {
      cwd: this.dataDir,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
    return await new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
  }

  /** Process ids of a kind: a service by its name, `clickhouse`, or `supervisor`. */
  pids(kind: 'collector' | 'sink' | 'reporter' | 'demo' | 'clickhouse' | 'kafka' | 'supervisor'): number[] {
    if (kind === 'supervisor') return [this.pid];
    const programs = { clickhouse: /infra\/local\/child\.cjs/, kafka: KAFKA_NODE };
    const wanted = kind === 'clickhouse' || kind === 'kafka' ? programs[kind] : new RegExp(`/${kind}/main\\.js`);
    return childrenOf(this.pid, wanted);
  }

  /** SIGKILL to the supervisor and everything below it. */
  async killAll(): Promise<void> {
    const child = this.child;
    const below = childrenOf(this.pid);
    const gone = new Promise<void>((resolve) => child?.once('exit', () => resolve()));
    for (const pid of [this.pid, ...below]) tryKill(pid);
    if (child !== undefined) await gone;
    this.child = undefined;
  }

  async dispose(): Promise<void> {
    await this.stop();
    this.removeDir();
  }
}

/** Makes the data directory with its projects and starts everything. */
export async function startInstance(options: InstanceOptions = {}): Promise<Instance> {
  const { dir, remove } = makeTempDir('instance');
  const layout = ensureDataDir(dir);
  const { demo } = await ensureDemoProjects(layout.projectsFile, layout.secretsFile, []);
  const secrets = new Map<string, ProjectSecrets>();
  let file = await readProjects(layout.projectsFile);
  for (const project of options.projects ?? []) {
    if (file === undefined || demo === undefined) throw new Error('the demo projects were not made');
    const made = makeSecrets();
    file = allowReadToken(addProject(file, project, made), project.id, demo.readToken);
    secrets.set(project.id, made);
  }
  if (file !== undefined) await writeProjects(layout.projectsFile, file);
  const instance = new Instance(dir, secrets, options.env ?? {}, options.args ?? [], remove);
  try {
    await instance.start();
  } catch (error) {
    await instance.dispose();
    throw error;
  }
  return instance;
}

/** Ends one process at once; one that is gone already is no error. */
export function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it is gone already
  }
}
