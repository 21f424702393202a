// Finds the running instance and the keys of a project in the data directory. Reads only; says in words what is missing.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { DataDir } from '../../shared/runtime/data-dir.js';
import { errorCode, StartError } from '../../shared/runtime/errors.js';

const runSchema = z.object({ pid: z.number().int(), collector: z.url(), reporter: z.url() });
const keysSchema = z.object({ serverKey: z.string(), readToken: z.string(), signingSecret: z.string() });
const secretsSchema = z.object({ projects: z.record(z.string(), keysSchema) });

export interface RunningInstance {
  /** Addresses without a slash at the end. */
  readonly collector: string;
  readonly reporter: string;
  readonly keys: z.infer<typeof keysSchema>;
}

/** Throws StartError with one sentence when nothing runs or the project's keys are not known here. */
export async function findRunningInstance(dirs: DataDir, project: string): Promise<RunningInstance> {
  const run = await read(dirs.runFile, runSchema);
  if (run === undefined || !isAlive(run.pid))
    throw new StartError(`Nothing is running in ${dirs.root}. Start it with npm start, then run this again.`);
  const secrets = await read(dirs.secretsFile, secretsSchema);
  const keys = secrets?.projects[project];
  if (keys === undefined) {
    const known = Object.keys(secrets?.projects ?? {}).join(', ');
    throw new StartError(`${dirs.secretsFile} has no keys of the project "${project}"; it has: ${known || 'none'}.`);
  }
  return { collector: run.collector.replace(/\/$/, ''), reporter: run.reporter.replace(/\/$/, ''), keys };
}

async function read<T extends z.ZodType>(file: string, schema: T): Promise<z.infer<T> | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new StartError(`${file} cannot be read: ${errorCode(error) ?? String(error)}`);
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new StartError(`${file} is not what npm start writes.`);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
