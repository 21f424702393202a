// A figure: rows with named columns, and the statement that made them. In: what is asked. Out: rows, and SQL that an analyst can run
// unchanged. What a page draws, its CSV and the SQL beside it are one and the same reading.
import type { ClickHouse, QueryParams } from '../../../shared/runtime/clickhouse.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';
import type { Filter } from './filter.js';
import { sqlWithLiterals } from './shown-sql.js';

/** What a column holds: `count` is a whole number, `number` one that may be missing, `day` is YYYY-MM-DD, `time` UTC to the millisecond. */
export type ColumnKind = 'text' | 'day' | 'time' | 'count' | 'number';
export type Columns = Readonly<Record<string, ColumnKind>>;

type ValueOf<K extends ColumnKind> = K extends 'count'
  ? number
  : K extends 'number'
    ? number | null
    : K extends 'text'
      ? string
      : string | null;
export type RowOf<C extends Columns> = { readonly [Name in keyof C]: ValueOf<C[Name]> };

export interface Asked extends Filter {
  /** Of one thing, such as a comparison, where a figure is about one. */
  readonly id?: string;
}

export interface Statement {
  /** With `{name:Type}` for values; answers the columns of its figure. */
  readonly sql: string;
  readonly params: QueryParams;
}

export interface FigureDefinition<C extends Columns = Columns> {
  /** Of its address, `/figures/<id>.csv`. */
  readonly id: string;
  readonly title: string;
  /** In the order of the file. */
  readonly columns: C;
  /** Must read nothing that the project's analyst may not read. */
  statement(asked: Asked): Statement;
}

export interface Figure<C extends Columns = Columns> {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly RowOf<C>[];
  /** With literals in place. */
  readonly sql: string;
}

export async function readFigure<C extends Columns>(
  clickhouse: ClickHouse,
  definition: FigureDefinition<C>,
  asked: Asked,
): Promise<Figure<C>> {
  const { id, title, columns } = definition;
  const { sql, params } = definition.statement(asked);
  const rows = await clickhouse.query<Readonly<Record<string, unknown>>>(sql, params, READ_SETTINGS);
  return {
    id,
    title,
    columns: Object.keys(columns),
    rows: rows.map((row) => rowOf(columns, row)),
    sql: sqlWithLiterals(sql, params),
  };
}

/** Numbers as numbers: 64-bit integers come as text. */
export function rowOf<C extends Columns>(columns: C, row: Readonly<Record<string, unknown>>): RowOf<C> {
  const entries = Object.entries(columns).map(([name, kind]) => [name, valueOf(kind, row[name])]);
  return Object.fromEntries(entries) as RowOf<C>;
}

function valueOf(kind: ColumnKind, value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (kind === 'count' || kind === 'number') return Number(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
