// A statement as a person can run it: with literals where it has parameters. In: SQL with `{name:Type}`, their values. Out: SQL.
// Pure. Must never let a name that somebody sent end its literal.
import type { QueryParams } from '../../../shared/runtime/clickhouse.js';

const PLACEHOLDER = /\{([a-z_]+):([A-Za-z0-9()]+)\}/g;

/** Throws when a parameter has no value: such a statement could not run either. */
export function sqlWithLiterals(sql: string, params: QueryParams): string {
  return sql.trim().replace(PLACEHOLDER, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`no value for the parameter ${name}`);
    return literal(value);
  });
}

function literal(value: QueryParams[string]): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return `[${value.map(literal).join(', ')}]`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
};

/** Characters that a page or a terminal would change are escaped too. */
function quoted(text: string): string {
  return `'${text.replace(/[\\'\n\r\t\0\b\f]/g, (character) => ESCAPES[character] ?? character)}'`;
}
