// Follows the changes of a file that people write. In: a path, how to parse it. Out: each usable version, and what is wrong with
// one that is not, said once. Must never name a value of the file.
import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { errorCode } from './errors.js';

const POLL_MS = 1000;
/** A file is read whole; one that is larger is refused, bytes. */
const FILE_BYTES_MAX = 32 * 1024 * 1024;
/** So many problems are named, the rest is counted. */
const PROBLEMS_NAMED_MAX = 10;

/** Why a version cannot be used. The message is complete and holds no value of the file. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';
}

export interface FollowedFileOptions<T> {
  /** Throws UnusableFile. */
  readonly parse: (text: string) => T;
  readonly onRead: (value: T) => void;
  /** Hears once of each problem, as long as the file stays as it is. */
  readonly onProblem: (problem: string) => void;
  /** How often the file is looked at, ms. */
  readonly pollMs?: number | undefined;
}

export interface FollowedFile<T> {
  /** Reads it now. Rejects with UnusableFile, or with what the disk said. */
  read(): Promise<T>;
  /** Looks for changes from now on. */
  follow(): void;
  close(): void;
}

export function followFile<T>(file: string, options: FollowedFileOptions<T>): FollowedFile<T> {
  let seen = '';
  let said = '';
  let looking = false;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    let found = '';
    try {
      found = await signature(file);
      if (found === seen) return;
      const value = options.parse(await readFile(file, 'utf8'));
      seen = found;
      said = '';
      options.onRead(value);
    } catch (error) {
      const problem = problemOf(error);
      if (said === found + problem) return;
      said = found + problem;
      options.onProblem(problem);
    }
  }

  return {
    read: async () => {
      let found = '';
      try {
        found = await signature(file);
        const value = options.parse(await readFile(file, 'utf8'));
        seen = found;
        return value;
      } catch (error) {
        // who reads says it
        said = found + problemOf(error);
        throw error;
      }
    },
    follow: () => {
      timer = setInterval(() => {
        if (looking) return;
        looking = true;
        void look().finally(() => {
          looking = false;
        });
      }, options.pollMs ?? POLL_MS);
      timer.unref();
    },
    close: () => clearInterval(timer),
  };
}

function problemOf(error: unknown): string {
  return error instanceof UnusableFile ? error.message : (errorCode(error) ?? 'unreadable');
}

/** Parses JSON by a schema. Throws UnusableFile, whose message names each problem by its place. */
export function parseJsonFile<S extends z.ZodType>(text: string, schema: S): z.infer<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The engine's message quotes the text, which may be a secret.
    throw new UnusableFile('it is not valid JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw unusable(parsed.error.issues.map((issue) => `${issue.path.map(String).join('.') || 'file'}: ${issue.message}`));
}

export function unusable(problems: readonly string[]): UnusableFile {
  const more = problems.length - PROBLEMS_NAMED_MAX;
  return new UnusableFile(problems.slice(0, PROBLEMS_NAMED_MAX).join('; ') + (more > 0 ? `; and ${more} more` : ''));
}

/** Changes with every way of replacing the file: written in place, or another one moved there. */
async function signature(file: string): Promise<string> {
  const info = await stat(file, { bigint: true });
  if (info.size > FILE_BYTES_MAX) throw new UnusableFile(`it is larger than ${FILE_BYTES_MAX} bytes`);
  return `${info.ino}:${info.size}:${info.mtimeNs}`;
}
