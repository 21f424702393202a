// Renders the users of infra/clickhouse/users.ts as the embedded server's users.xml.
// In: definitions and SHA-256 of passwords. Out: XML. Must never contain a password.
import { createHash } from 'node:crypto';
import type { UserDefinition, UserSetting } from '../clickhouse/users.js';

/** How many statements the boot user may run, ever: those of the start-up command line. */
const BOOT_QUERIES = 1;
/**
 * The server opens its port by itself, as user `default` without a password; that cannot be changed. So this user holds only
 * the grants of the start-up statements, and a quota that they use up: whoever logs in as it later gets nothing but constants.
 */
const BOOT_USER = `<default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>boot</quota>${renderGrants(
  ['GRANT SYSTEM LISTEN ON *.*', 'GRANT CREATE TEMPORARY TABLE ON *.*', 'GRANT READ ON FILE'],
)}</default>`;

export interface EmbeddedUser extends UserDefinition {
  readonly password: string;
}

/** The server reads the file once, at its start: another set of users needs another start (measured on 26.7). */
export function renderUsersXml(database: string, users: readonly EmbeddedUser[]): string {
  return [
    '<clickhouse>',
    '<profiles><default></default>',
    ...users.map((user) => `<${user.name}>${settings(user.settings)}</${user.name}>`),
    '</profiles>',
    '<users>',
    BOOT_USER,
    ...users.map((user) => renderUser(database, user)),
    '</users>',
    `<quotas><default></default><boot><interval><duration>2000000000</duration><queries>${BOOT_QUERIES}</queries></interval></boot></quotas>`,
    '</clickhouse>',
    '',
  ].join('\n');
}

function renderUser(database: string, user: EmbeddedUser): string {
  const hash = createHash('sha256').update(user.password).digest('hex');
  const filters = Object.entries(user.rowFilters).map(
    ([table, filter]) => `<${table}><filter>${escape(filter)}</filter></${table}>`,
  );
  return [
    `<${user.name}>`,
    `<password_sha256_hex>${hash}</password_sha256_hex>`,
    '<networks><ip>127.0.0.1</ip><ip>::1</ip></networks>',
    `<profile>${user.name}</profile><quota>default</quota>`,
    user.defaultDatabase === undefined ? '' : `<default_database>${user.defaultDatabase}</default_database>`,
    renderGrants(user.grants),
    filters.length === 0 ? '' : `<databases><${database}>${filters.join('')}</${database}></databases>`,
    `</${user.name}>`,
  ].join('');
}

function renderGrants(grants: readonly string[]): string {
  return `<grants>${grants.map((grant) => `<query>${escape(grant)}</query>`).join('')}</grants>`;
}

function settings(values: Readonly<Record<string, UserSetting>>): string {
  const entries = Object.entries(values);
  const plain = entries.map(([name, { value }]) => `<${name}>${escape(String(value))}</${name}>`).join('');
  const constraints = entries.map(([name, setting]) => constraint(name, setting)).join('');
  return `${plain}${constraints === '' ? '' : `<constraints>${constraints}</constraints>`}`;
}

function constraint(name: string, { constant, min, max }: UserSetting): string {
  if (constant === true) return `<${name}><const/></${name}>`;
  const bounds = `${min === undefined ? '' : `<min>${min}</min>`}${max === undefined ? '' : `<max>${max}</max>`}`;
  return bounds === '' ? '' : `<${name}>${bounds}</${name}>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
