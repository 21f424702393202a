// Finds Java and Maven. In: the environment. Out: absolute paths; where one is missing, one line that says what to install.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../../shared/runtime/errors.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export const JAVA_VERSION_MIN = 17;

export interface Java {
  readonly file: string;
  /** As it names itself, such as `17.0.15`. */
  readonly version: string;
}

/** Throws StartError when there is none, or only an older one. */
export function findJava(env: Environment): Java {
  const java = lookForJava(env);
  if (java !== undefined && isRecent(java)) return java;
  const found = java === undefined ? '' : `, and this is ${java.version}`;
  throw new StartError(
    `A local Kafka needs Java ${JAVA_VERSION_MIN} or newer${found} (Debian package: openjdk-17-jre-headless).`,
  );
}

/** Debian packages that have to be installed before Kafka can be fetched and run. */
export function missingPackages(env: Environment, fetched: boolean): readonly string[] {
  const java = lookForJava(env);
  return [
    ...(java !== undefined && isRecent(java) ? [] : ['openjdk-17-jre-headless']),
    ...(fetched || findProgram('mvn', env) !== undefined ? [] : ['maven']),
  ];
}

/** The Java of JAVA_HOME, else of PATH, whatever its version. */
function lookForJava(env: Environment): Java | undefined {
  const home = env['JAVA_HOME'];
  const ofHome = home === undefined || home === '' ? undefined : path.join(home, 'bin', 'java');
  const file = ofHome !== undefined && existsSync(ofHome) ? ofHome : findProgram('java', env);
  if (file === undefined) return undefined;
  const version = javaVersion(spawnSync(file, ['-version'], { encoding: 'utf8' }).stderr);
  return version === undefined ? undefined : { file, version };
}

function isRecent(java: Java): boolean {
  return Number.parseInt(java.version, 10) >= JAVA_VERSION_MIN;
}

/** What `java -version` says its version is. */
export function javaVersion(output: string): string | undefined {
  return /version "([0-9][^"]*)"/.exec(output)?.[1];
}

/** Throws StartError when there is none. */
export function findMaven(env: Environment): string {
  const file = findProgram('mvn', env);
  if (file === undefined) throw new StartError('Fetching Kafka needs Maven (Debian package: maven).');
  return file;
}

function findProgram(name: string, env: Environment): string | undefined {
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.resolve(folder, name)).find((file) => existsSync(file));
}
