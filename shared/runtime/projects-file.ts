// Reads the projects file and follows its changes. In: a path and the environment. Out: the projects with their secrets in full.
// A version that cannot be used is logged (never a value of it) and the last good one stays.
import { projectsFileSchema, type Project, type SecretRef } from '../contract/projects.js';
import { StartError, errorCode } from './errors.js';
import { followFile, parseJsonFile, unusable, UnusableFile } from './followed-file.js';
import type { Logger } from './log.js';

/** A project as services use it: every secret stands there in full. */
export interface ResolvedProject extends Omit<Project, 'hashKey' | 'signingSecrets'> {
  readonly hashKey: string;
  readonly signingSecrets: readonly string[];
}

export interface ProjectsFileOptions {
  /** Where secrets given as `{ env }` are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** How often the file is looked at, ms. */
  readonly pollMs?: number;
}

export interface OpenProjectsFile {
  /** The newest usable version. The array is a new one after each change. */
  current(): readonly ResolvedProject[];
  /** Calls `listener` after each change. Answers a function that takes it off again. */
  onChange(listener: (projects: readonly ResolvedProject[]) => void): () => void;
  close(): void;
}

/** Opens the file. Rejects with StartError, in one clear line, when it is missing or not usable. */
export async function openProjectsFile(file: string, options: ProjectsFileOptions): Promise<OpenProjectsFile> {
  const listeners = new Set<(projects: readonly ResolvedProject[]) => void>();
  const followed = followFile(file, {
    parse: (text) => parseProjects(text, options.env),
    onRead: (read) => {
      projects = read;
      options.log.info({ projects: projects.length }, 'the projects file was read again');
      for (const listener of listeners) listener(projects);
    },
    onProblem: (problem) =>
      options.log.warn({ problem }, 'the projects file is not usable; its last good version stays'),
    pollMs: options.pollMs,
  });
  let projects: readonly ResolvedProject[];
  try {
    projects = await followed.read();
  } catch (error) {
    throw new StartError(startProblem(file, error));
  }
  followed.follow();
  return {
    current: () => projects,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      followed.close();
      listeners.clear();
    },
  };
}

/** Parses one version of the file. Throws an error whose message names each problem and no value. */
export function parseProjects(text: string, env: ProjectsFileOptions['env']): readonly ResolvedProject[] {
  const { projects } = parseJsonFile(text, projectsFileSchema);
  const missing: string[] = [];
  const resolve = (secret: SecretRef, at: string): string => {
    if ('value' in secret) return secret.value;
    const value = env[secret.env];
    if (value === undefined || value.length < 16)
      missing.push(`${at}: ${secret.env} is not set to 16 characters or more`);
    return value ?? '';
  };
  const resolved = projects.map((project) => ({
    ...project,
    hashKey: resolve(project.hashKey, `${project.id}.hashKey`),
    signingSecrets: project.signingSecrets.map((secret, i) => resolve(secret, `${project.id}.signingSecrets.${i}`)),
  }));
  if (missing.length > 0) throw unusable(missing);
  return resolved;
}

function startProblem(file: string, error: unknown): string {
  if (error instanceof UnusableFile) return `The projects file ${file} is not usable: ${error.message}`;
  if (errorCode(error) === 'ENOENT')
    return `The projects file ${file} is missing: npm run project makes one, TACIT_PROJECTS_FILE names another.`;
  return `The projects file ${file} cannot be read: ${errorCode(error) ?? String(error)}`;
}
