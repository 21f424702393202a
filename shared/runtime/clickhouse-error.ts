// What went wrong between a service and ClickHouse, in words that may be logged.
// In: whatever the client threw. Out: a ClickHouseError. Must never repeat a value of a statement, a row, or a password.
import { WeatherError, errorCode } from './errors.js';

/** What ClickHouse, or the way to it, answered instead of success. `serverCode` is ClickHouse's own number, when it spoke. */
export class ClickHouseError extends WeatherError {
  override readonly name = 'ClickHouseError';
  readonly serverCode: number | undefined;

  constructor(message: string, serverCode: number | undefined, retriable: boolean) {
    super(serverCode === undefined ? 'clickhouse_unreachable' : 'clickhouse_refused', message, { retriable });
    this.serverCode = serverCode;
  }
}

/** Server codes behind which the same request can succeed later: time, memory, parts, connections, replicas. */
const PASSING_CODES = new Set([
  3, 32, 159, 160, 202, 203, 204, 209, 210, 236, 241, 242, 243, 252, 279, 285, 286, 319, 394, 425, 439, 499, 999,
]);
const MESSAGE_CHARS_MAX = 2_000;

/** Turns whatever the client threw into a ClickHouseError. `serverMessages` lets the server's own words through. */
export function asClickHouseError(error: unknown, serverMessages: boolean): ClickHouseError {
  if (error instanceof ClickHouseError) return error;
  const parsed = serverErrorOf(error);
  if (parsed === undefined) {
    const code = errorCode(error);
    return new ClickHouseError(`ClickHouse cannot be reached: ${code ?? unreached(error)}`, undefined, true);
  }
  const serverCode = Number(parsed.code);
  const said = serverMessages ? parsed.message.slice(0, MESSAGE_CHARS_MAX) : withoutValues(parsed.message);
  const message = `ClickHouse refused: ${parsed.type ?? 'error'} (${serverCode})${said === '' ? '' : `: ${said}`}`;
  return new ClickHouseError(message, serverCode, PASSING_CODES.has(serverCode));
}

interface ServerError {
  readonly code: string;
  readonly type: string | undefined;
  readonly message: string;
}

/** What the server said: as the client parsed it, or as it stood in the body of an answer whose status was already sent. */
function serverErrorOf(error: unknown): ServerError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = errorCode(error);
  if (code !== undefined && /^\d+$/.test(code))
    return {
      code,
      type: 'type' in error && typeof error.type === 'string' ? error.type : undefined,
      message: error.message,
    };
  const found = /Code: (\d+)\..*?Exception: (.*?)(?:\(([A-Z][A-Z0-9_]{2,})\)|$)/s.exec(error.message);
  return found === null ? undefined : { code: found[1] ?? '0', message: found[2] ?? '', type: found[3] };
}

function unreached(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /timeout/i.test(message) ? 'timeout' : /abort/i.test(message) ? 'aborted' : 'no complete answer';
}

/** All that can be said of a server's message without repeating data: the row and the column that it names. */
function withoutValues(message: string): string {
  const column = /while reading the value of key (\w{1,64})/.exec(message)?.[1];
  const row = /\(at row (\d{1,9})\)/.exec(message)?.[1];
  return [column === undefined ? '' : `column ${column}`, row === undefined ? '' : `row ${row}`]
    .filter((part) => part !== '')
    .join(', ');
}
