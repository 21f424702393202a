// Reads the projects file and follows its changes. In: a path and the environment. Out: the projects with their secrets in full.
// A version that cannot be used is logged (never a value of it) and the last good one stays.
import { readFile, stat } from 'node:fs/promises';
import { projectsFileSchema, type Project, type SecretRef } from '../contract/projects.js';
import { StartError, errorCode } from './errors.js';
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

const POLL_MS = 1000;
/** A projects file is read whole; one that is larger is refused, bytes. */
const FILE_BYTES_MAX = 32 * 1024 * 1024;
/** So many problems are named, the rest is counted. */
const PROBLEMS_NAMED_MAX = 10;

/** Why a version cannot be used. The message is complete and holds no value of the file. */
class UnusableProjectsFile extends Error {
  override readonly name = 'UnusableProjectsFile';
}

/** Opens the file. Rejects with StartError, in one clear line, when it is missing or not usable. */
export async function openProjectsFile(file: string, options: ProjectsFileOptions): Promise<OpenProjectsFile> {
  const listeners = new Set<(projects: readonly ResolvedProject[]) => void>();
  let seen = '';
  let projects: readonly ResolvedProject[];
  try {
    seen = await signature(file);
    projects = parseProjects(await readFile(file, 'utf8'), options.env);
  } catch (error) {
    throw new StartError(startProblem(file, error));
  }

  let looking = false;
  let said = '';
  async function look(): Promise<void> {
    let found = '';
    try {
      found = await signature(file);
      if (found === seen) return;
      const read = parseProjects(await readFile(file, 'utf8'), options.env);
      seen = found;
      said = '';
      projects = read;
    } catch (error) {
      const problem = error instanceof UnusableProjectsFile ? error.message : (errorCode(error) ?? 'unreadable');
      if (said === found + problem) return;
      said = found + problem;
      options.log.warn({ problem }, 'the projects file is not usable; its last good version stays');
      return;
    }
    options.log.info({ projects: projects.length }, 'the projects file was read again');
    for (const listener of listeners) listener(projects);
  }
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look().finally(() => {
      looking = false;
    });
  }, options.pollMs ?? POLL_MS);
  timer.unref();

  return {
    current: () => projects,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      clearInterval(timer);
      listeners.clear();
    },
  };
}

/** Parses one version of the file. Throws an error whose message names each problem and no value. */
export function parseProjects(text: string, env: ProjectsFileOptions['env']): readonly ResolvedProject[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The engine's message quotes the text, which may be a secret.
    throw new UnusableProjectsFile('it is not valid JSON');
  }
  const parsed = projectsFileSchema.safeParse(json);
  if (!parsed.success)
    throw new UnusableProjectsFile(
      listed(parsed.error.issues.map((issue) => `${issue.path.map(String).join('.') || 'file'}: ${issue.message}`)),
    );
  const missing: string[] = [];
  const resolve = (secret: SecretRef, at: string): string => {
    if ('value' in secret) return secret.value;
    const value = env[secret.env];
    if (value === undefined || value.length < 16)
      missing.push(`${at}: ${secret.env} is not set to 16 characters or more`);
    return value ?? '';
  };
  const resolved = parsed.data.projects.map((project) => ({
    ...project,
    hashKey: resolve(project.hashKey, `${project.id}.hashKey`),
    signingSecrets: project.signingSecrets.map((secret, i) => resolve(secret, `${project.id}.signingSecrets.${i}`)),
  }));
  if (missing.length > 0) throw new UnusableProjectsFile(listed(missing));
  return resolved;
}

function listed(problems: readonly string[]): string {
  const more = problems.length - PROBLEMS_NAMED_MAX;
  return problems.slice(0, PROBLEMS_NAMED_MAX).join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function startProblem(file: string, error: unknown): string {
  if (error instanceof UnusableProjectsFile) return `The projects file ${file} is not usable: ${error.message}`;
  if (errorCode(error) === 'ENOENT')
    return `The projects file ${file} is missing: npm run project makes one, TACIT_PROJECTS_FILE names another.`;
  return `The projects file ${file} cannot be read: ${errorCode(error) ?? String(error)}`;
}

/** Changes with every way of replacing the file: written in place, or another one moved there. */
async function signature(file: string): Promise<string> {
  const info = await stat(file, { bigint: true });
  if (info.size > FILE_BYTES_MAX) throw new UnusableProjectsFile(`it is larger than ${FILE_BYTES_MAX} bytes`);
  return `${info.ino}:${info.size}:${info.mtimeNs}`;
}
