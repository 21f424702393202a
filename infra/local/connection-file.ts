// connection.json: where the running embedded ClickHouse answers, and as whom. There only while its keeper lives.
// In: the file's path. Out: its content, checked. Must stay readable by its owner alone.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Role } from '../clickhouse/users.js';

const account = z.object({ user: z.string(), password: z.string() });

const connectionFileSchema = z.object({
  /** The keeper's process. */
  pid: z.number().int(),
  url: z.url(),
  database: z.string(),
  users: z.object({
    migrator: account,
    writer: account,
    reporter: account,
    /** By project. */
    analysts: z.record(z.string(), account),
  }),
});
export type ConnectionFile = z.infer<typeof connectionFileSchema>;
export type Account = z.infer<typeof account>;

/** Undefined when it is not there or not whole. */
export async function readConnectionFile(file: string): Promise<ConnectionFile | undefined> {
  try {
    return connectionFileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** The account of a role; analysts belong to a project and are not meant. */
export function accountOf({ users }: ConnectionFile, role: Exclude<Role, 'analyst'>): Account {
  return users[role];
}
