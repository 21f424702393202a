// Kafka's jars, fetched once by Maven into a cache. In: a cache folder, the environment. Out: the folder with the jars.
// The cache is the user's and not a data directory's: tests and every data directory share it, and nothing in it is data.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../../shared/runtime/errors.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { findMaven, type Environment } from './java.js';

const POM = path.join(projectRoot, 'infra', 'kafka', 'pom.xml');
const OUTPUT_KEPT_CHARS = 4000;

/** Where the files of this very pom lie, fetched or not: another pom has another folder. */
export function kafkaFolder(cacheDir: string): string {
  const pom = readFileSync(POM);
  const version = /<kafka\.version>([^<]+)</.exec(pom.toString())?.[1] ?? 'unknown';
  const hash = createHash('sha256').update(pom).digest('hex').slice(0, 8);
  return path.join(cacheDir, `kafka-${version}-${hash}`);
}

export function hasJars(folder: string): boolean {
  return existsSync(path.join(folder, 'lib'));
}

/** Fetches the jars when they are not there. Several processes may do so at once. Throws StartError with Maven's own words. */
export async function fetchJars(cacheDir: string, env: Environment, say: (line: string) => void): Promise<string> {
  const folder = kafkaFolder(cacheDir);
  if (hasJars(folder)) return folder;
  const maven = findMaven(env);
  say('Fetching Kafka (43 MB, once) ...');
  mkdirSync(cacheDir, { recursive: true });
  const temporary = mkdtempSync(path.join(cacheDir, '.fetch-'));
  try {
    copyFileSync(POM, path.join(temporary, 'pom.xml'));
    await run(maven, ['-q', '-B', '-f', path.join(temporary, 'pom.xml'), 'package'], env);
    takeFolder(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}

/** The folder comes into being whole; one that another process made meanwhile is as good. */
function takeFolder(temporary: string, folder: string): void {
  try {
    renameSync(temporary, folder);
  } catch (error) {
    if (!hasJars(folder)) throw error;
  }
}

async function run(program: string, args: readonly string[], env: Environment): Promise<void> {
  const child = spawn(program, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => (output = (output + bytes.toString()).slice(-OUTPUT_KEPT_CHARS)));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  if (code !== 0) throw new StartError(`Kafka could not be fetched; Maven says:\n${output.trim()}`);
}
