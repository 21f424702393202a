// What stands under a figure whose rows are read in another way: its id, title and SQL. In: a definition, what is asked. Pure.
import type { Asked, Figure, FigureDefinition } from './figure.js';
import { sqlWithLiterals } from './shown-sql.js';

export type FigureHead = Pick<Figure, 'id' | 'title' | 'sql'>;

export function figureHead(definition: FigureDefinition, asked: Asked): FigureHead {
  const { sql, params } = definition.statement(asked);
  return { id: definition.id, title: definition.title, sql: sqlWithLiterals(sql, params) };
}
