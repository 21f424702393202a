// Tells bad data from bad weather. In: what an insert failed with. Out: a refusal when ClickHouse blames the data, by a closed
// list of its codes. Must never let a value of a row into its words.
import { WeatherError } from '../../shared/runtime/errors.js';

/** Codes by which ClickHouse says that a row cannot be read or converted. Every other code, and no code, is weather. */
const DATA_CODES: ReadonlyMap<number, string> = new Map([
  [25, 'CANNOT_PARSE_ESCAPE_SEQUENCE'],
  [26, 'CANNOT_PARSE_QUOTED_STRING'],
  [27, 'CANNOT_PARSE_INPUT_ASSERTION_FAILED'],
  [33, 'CANNOT_READ_ALL_DATA'],
  [41, 'CANNOT_PARSE_DATETIME'],
  [53, 'TYPE_MISMATCH'],
  [72, 'CANNOT_PARSE_NUMBER'],
  [117, 'INCORRECT_DATA'],
  [376, 'CANNOT_PARSE_UUID'],
  [691, 'UNKNOWN_ELEMENT_OF_ENUM'],
]);

/** ClickHouse refused rows for what is in them. `detail` names the code and, where ClickHouse says it, the column. */
export interface Refusal {
  readonly code: number;
  readonly detail: string;
  /** Which of the rows sent is the first bad one, from 0, where ClickHouse says so. */
  readonly index: number | undefined;
}

/** The code a ClickHouse server answered with, or undefined when it was not the server that failed. */
export function serverCode(error: unknown): number | undefined {
  if (!(error instanceof WeatherError) || !('serverCode' in error)) return undefined;
  return typeof error.serverCode === 'number' ? error.serverCode : undefined;
}

export function asRefusal(error: unknown): Refusal | undefined {
  const code = serverCode(error);
  const name = code === undefined ? undefined : DATA_CODES.get(code);
  if (code === undefined || name === undefined || !(error instanceof WeatherError)) return undefined;
  const column = /\bcolumn ([a-z][a-z0-9_]{0,63})\b/.exec(error.message)?.[1];
  const row = /\brow ([1-9][0-9]{0,8})\b/.exec(error.message)?.[1];
  return {
    code,
    detail: `ClickHouse ${code} ${name}${column === undefined ? '' : `, column ${column}`}`,
    index: row === undefined ? undefined : Number(row) - 1,
  };
}
