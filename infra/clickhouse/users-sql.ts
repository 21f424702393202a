// Renders the users of users.ts as SQL, for a ClickHouse server that is not the embedded one.
// In: definitions and, where known, passwords. Out: statements that may run again. Must never contain a password, only its hash.
import { createHash } from 'node:crypto';
import type { UserDefinition, UserSetting } from './users.js';

export interface SqlUser extends UserDefinition {
  /** Absent: the user is made, but nobody can log in as it until an administrator gives it a password and a host. */
  readonly password?: string | undefined;
}

/**
 * Statements for every user but the migrator, who runs them. Grants are replaced, so that what is no longer listed is gone.
 * `others` may read all rows of a filtered table: servers can be set up so that a row policy shuts out whoever has none.
 */
export function renderUsersSql(database: string, users: readonly SqlUser[], others: readonly string[]): string[] {
  const made = users.filter(({ role }) => role !== 'migrator');
  const filtered = [...new Set(made.flatMap(({ rowFilters }) => Object.keys(rowFilters)))];
  return [
    ...made.flatMap((user) => [
      `CREATE USER IF NOT EXISTS ${quoteName(user.name)} HOST NONE`,
      `ALTER USER ${quoteName(user.name)}${identity(user.password)} DEFAULT DATABASE ${user.defaultDatabase ?? 'NONE'}${settings(user.settings)}`,
      `GRANT ${user.grants.map((grant) => grant.replace(/^GRANT /, '')).join(', ')} TO ${quoteName(user.name)} WITH REPLACE OPTION`,
      ...Object.entries(user.rowFilters).map(
        ([table, filter]) =>
          `CREATE ROW POLICY OR REPLACE ${quoteName(user.name)} ON ${database}.${table} USING ${filter} TO ${quoteName(user.name)}`,
      ),
    ]),
    ...filtered.map(
      (table) =>
        `CREATE ROW POLICY OR REPLACE tacit_all_rows ON ${database}.${table} USING 1 TO ${others.map(quoteName).join(', ')}`,
    ),
  ];
}

function identity(password: string | undefined): string {
  if (password === undefined) return '';
  const hash = createHash('sha256').update(password).digest('hex');
  return ` IDENTIFIED WITH sha256_hash BY '${hash}' HOST ANY`;
}

function settings(values: Readonly<Record<string, UserSetting>>): string {
  const rendered = Object.entries(values).map(([name, { value, constant, min, max }]) => {
    const bounds = `${min === undefined ? '' : ` MIN ${min}`}${max === undefined ? '' : ` MAX ${max}`}`;
    const written = typeof value === 'number' ? String(value) : `'${value}'`;
    return `${name} = ${written}${constant === true ? ' CONST' : bounds}`;
  });
  return rendered.length === 0 ? '' : ` SETTINGS ${rendered.join(', ')}`;
}

function quoteName(name: string): string {
  return `\`${name}\``;
}
