// Everything a local Kafka needs before its first start, once per machine: Java, the jars, and what makes starts quick.
// In: a cache folder, the environment. Out: the software. Throws StartError with one line when something has to be installed.
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { choosePort } from '../../shared/runtime/choose-port.js';
import { fetchJars, hasJars, kafkaFolder } from './jars.js';
import { findJava, missingPackages, type Environment } from './java.js';
import { KafkaProcess, type KafkaSoftware } from './kafka-process.js';
import { startLocalKafka } from './local-kafka.js';

/** Writing the archive takes a few seconds when it ends, ms. */
const ARCHIVE_TIMEOUT_MS = 60_000;

export interface PrepareOptions {
  readonly env: Environment;
  readonly say: (line: string) => void;
  readonly cacheDir?: string;
}

/** The user's cache, shared by all checkouts and data directories. */
export function defaultCacheDir(env: Environment): string {
  const base = env['XDG_CACHE_HOME'];
  return path.join(base === undefined || base === '' ? path.join(os.homedir(), '.cache') : base, 'tacit');
}

/** Debian packages that are missing on this machine for `prepareKafka`. */
export function missingKafkaPackages(env: Environment, cacheDir = defaultCacheDir(env)): readonly string[] {
  return missingPackages(env, hasJars(kafkaFolder(cacheDir)));
}

/** Answers at once where everything was prepared before. */
export async function prepareKafka({
  env,
  say,
  cacheDir = defaultCacheDir(env),
}: PrepareOptions): Promise<KafkaSoftware> {
  const java = findJava(env);
  const folder = await fetchJars(cacheDir, env, say);
  const software = { java: java.file, jars: path.join(folder, 'lib') };
  const archive = path.join(folder, `classes-${java.version}.jsa`);
  const bootstrap = path.join(folder, 'bootstrap.checkpoint');
  if (!existsSync(archive) || !existsSync(bootstrap)) {
    say('Preparing Kafka (once) ...');
    await runOnce(folder, software, archive, bootstrap);
  }
  return { ...software, archive, bootstrap };
}

/** Formats and runs a node that keeps its classes and its first metadata for all that come after it. */
async function runOnce(folder: string, software: KafkaSoftware, archive: string, bootstrap: string): Promise<void> {
  const dir = mkdtempSync(path.join(folder, '.first-'));
  try {
    const ports = [await choosePort('127.0.0.1', 0), await choosePort('127.0.0.1', 0)];
    const kafka = await startLocalKafka({ software, dir, ports });
    await kafka.stop();
    const archiveTo = path.join(dir, 'classes.jsa');
    const node = new KafkaProcess({
      software,
      propertiesFile: path.join(dir, 'node-1.properties'),
      logFile: path.join(dir, 'node-1.log'),
      archiveTo,
    });
    await node.start();
    await node.stop(ARCHIVE_TIMEOUT_MS);
    copyFileSync(path.join(dir, 'node-1', 'bootstrap.checkpoint'), path.join(dir, 'bootstrap.checkpoint'));
    renameSync(path.join(dir, 'bootstrap.checkpoint'), bootstrap);
    renameSync(archiveTo, archive);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
