// One Kafka node as a child process: started, ready when its log says so, stopped, killed, held still, started again.
// In: its configuration file and the software. Out: its process id and its end. Must never outlive this process.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { WeatherError } from '../../shared/runtime/errors.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { sleep } from '../../shared/runtime/retry.js';

const HERE = path.join(projectRoot, 'infra', 'kafka');
const READY = 'Kafka Server started';
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 25;
const WORDS_KEPT_CHARS = 2000;

export interface KafkaSoftware {
  /** Absolute path of `java`. */
  readonly java: string;
  /** Folder with the jars. */
  readonly jars: string;
  /** Archive of loaded classes: with it a start takes half the time. */
  readonly archive?: string;
  /** First records of a new cluster's metadata, as Kafka's own formatting wrote them. */
  readonly bootstrap?: string;
}

export interface KafkaProcessOptions {
  readonly software: KafkaSoftware;
  readonly propertiesFile: string;
  readonly logFile: string;
  /** Compiles fully and takes more memory: worth it where Kafka itself is to be fast, slower to start. */
  readonly forThroughput?: boolean;
  /** Writes an archive of the loaded classes when it ends. */
  readonly archiveTo?: string;
}

/** Command line of a JVM that runs a class of Kafka. */
export function javaArguments({
  software,
  forThroughput = false,
  archiveTo,
}: Partial<KafkaProcessOptions> & Pick<KafkaProcessOptions, 'software'>): string[] {
  const shared = software.archive === undefined ? [] : [`-XX:SharedArchiveFile=${software.archive}`, '-Xshare:auto'];
  return [
    ...(archiveTo === undefined ? shared : [`-XX:ArchiveClassesAtExit=${archiveTo}`]),
    // several JVMs share few cores: one compiler, one collector thread, small stacks
    ...(forThroughput ? ['-Xms512m', '-Xmx1g'] : ['-XX:TieredStopAtLevel=1', '-Xms128m', '-Xmx256m']),
    '-XX:+UseSerialGC',
    '-Xss512k',
    '-XX:MaxMetaspaceSize=192m',
    '-Djava.awt.headless=true',
    `-Dlog4j2.configurationFile=${path.join(HERE, 'log4j2.properties')}`,
    '-cp',
    path.join(software.jars, '*'),
  ];
}

export class KafkaProcess {
  private readonly options: KafkaProcessOptions;
  private child: ChildProcess | undefined;
  private jvmPid: number | undefined;
  private end: Promise<void> = Promise.resolve();

  constructor(options: KafkaProcessOptions) {
    this.options = options;
  }

  /** Process id of the JVM while it runs. */
  get pid(): number | undefined {
    return this.jvmPid;
  }

  /** Resolves when the process that runs now has ended, however that came. */
  get ended(): Promise<void> {
    return this.end;
  }

  /** Starts it and resolves when it serves. Rejects with WeatherError and its last words; then nothing is left running. */
  async start(): Promise<void> {
    if (this.child !== undefined) throw new Error('this Kafka node is running already');
    const { logFile, propertiesFile } = this.options;
    const from = existsSync(logFile) ? statSync(logFile).size : 0;
    const log = openSync(logFile, 'a', 0o600);
    const command = [this.options.software.java, ...javaArguments(this.options), 'kafka.Kafka', propertiesFile];
    // detached: Ctrl-C in a terminal reaches a whole group at once, but brokers have to leave before their controller
    const child = spawn('/bin/sh', [path.join(HERE, 'lifeline.sh'), ...command], {
      stdio: ['pipe', log, log, 'pipe'],
      detached: true,
      env: {},
    });
    closeSync(log);
    this.child = child;
    child.stdin?.on('error', () => undefined);
    this.end = new Promise<void>((resolve) => {
      const ended = (): void => {
        this.child = undefined;
        this.jvmPid = undefined;
        resolve();
      };
      child.once('error', ended);
      child.once('exit', ended);
    });
    const pid = await readPid(child.stdio[3] as Readable);
    if (this.child === child) this.jvmPid = pid;
    await this.waitReady(child, from);
  }

  /** Asks it to leave in order; kills it when it does not within `graceMs`. One that is held still is let go first. */
  async stop(graceMs: number): Promise<void> {
    if (this.child === undefined) return;
    this.resume();
    this.signal('SIGTERM');
    const timer = setTimeout(() => void this.kill(), graceMs);
    await this.end;
    clearTimeout(timer);
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    // one that is just coming into being has no known process id yet
    this.child?.stdin?.destroy();
    await this.end;
  }

  /** Holds it still: its connections stay, nothing answers. */
  pause(): void {
    this.signal('SIGSTOP');
  }

  resume(): void {
    this.signal('SIGCONT');
  }

  private signal(signal: NodeJS.Signals): void {
    // the process that waits for the JVM still holds its id: it cannot be another's by now
    if (this.jvmPid !== undefined) process.kill(this.jvmPid, signal);
  }

  private async waitReady(child: ChildProcess, from: number): Promise<void> {
    const { logFile } = this.options;
    const said = (): string => readFileSync(logFile).subarray(from).toString();
    const until = performance.now() + START_TIMEOUT_MS;
    while (!said().includes(READY)) {
      const late = performance.now() > until;
      if (this.child === child && !late) {
        await sleep(POLL_MS);
        continue;
      }
      await this.kill();
      const words = said().trim().slice(-WORDS_KEPT_CHARS);
      throw new WeatherError(
        'kafka_start',
        `Kafka did not start${late ? ' in time' : ''}; its log ${logFile} ends with:\n${words}`,
        {
          retriable: true,
        },
      );
    }
  }
}

async function readPid(stream: Readable): Promise<number | undefined> {
  let text = '';
  for await (const bytes of stream) text += String(bytes);
  const pid = Number.parseInt(text, 10);
  return Number.isNaN(pid) ? undefined : pid;
}
