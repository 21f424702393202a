// Passwords of the embedded server's users: made once, kept in one file that only the owner reads.
// In: the file and the users' names. Out: a password per name. Must never change one that exists.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../../shared/runtime/data-dir.js';
import { StartError, errorCode } from '../../shared/runtime/errors.js';

const credentialsSchema = z.record(z.string(), z.string().min(16));
const PASSWORD_BYTES = 24;

/** Reads the passwords, makes those that are missing, and answers all of `names`. */
export async function loadCredentials(file: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const known = new Map(Object.entries(await readCredentials(file)));
  const missing = names.filter((name) => !known.has(name));
  for (const name of missing) known.set(name, randomBytes(PASSWORD_BYTES).toString('base64url'));
  if (missing.length > 0) await writeFileAtomic(file, `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`);
  return known;
}

async function readCredentials(file: string): Promise<Record<string, string>> {
  try {
    return credentialsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw new StartError(`The passwords of the embedded ClickHouse cannot be read: ${file}`);
  }
}
