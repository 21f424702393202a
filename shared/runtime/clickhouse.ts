// Talks to ClickHouse: questions, statements, and inserts of ready NDJSON. The only file that knows the client library.
// In: SQL, parameters, buffers. Out: rows, or a ClickHouseError. Must never put a value or a password into an error's message,
// and never call an insert done before the server has said so to the end.
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  ClickHouseError as ServerError,
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
} from '@clickhouse/client';
import { asClickHouseError } from './clickhouse-error.js';

export { ClickHouseError } from './clickhouse-error.js';

export interface ClickHouseConnection {
  readonly url: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export interface ClickHouseOptions {
  /** How long a request may take until its answer is complete, ms. */
  readonly requestTimeoutMs?: number;
  readonly maxConnections?: number;
  /** Whether errors carry the server's own words, which can repeat what a statement contained. For statements without secrets only. */
  readonly serverMessages?: boolean;
}

export type QueryParams = Readonly<Record<string, string | number | boolean | null | readonly (string | number)[]>>;
export type Settings = Readonly<Record<string, string | number>>;

export interface ClickHouse {
  /** Where it talks to, and as whom. */
  readonly connection: Omit<ClickHouseConnection, 'password'>;
  /**
   * Rows of a SELECT. 64-bit integers come as strings. With the setting `max_execution_time` (s), a server that has not answered
   * ANSWER_GRACE_MS after that time counts as away.
   */
  query<T>(sql: string, params?: QueryParams, settings?: Settings): Promise<T[]>;
  /** Runs a statement that answers no rows. */
  command(sql: string, params?: QueryParams, settings?: Settings): Promise<void>;
  /** Streams NDJSON into a table, unread. Resolves only when every row is stored and every view has run. */
  insertBlock(table: string, bodies: readonly Buffer[], settings?: Settings): Promise<void>;
  /** Whether the server answers; never rejects. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

/** No deduplication by the server (the state is idempotent), and odd rows are errors where a server can be told so. */
const INSERT_SETTINGS = {
  async_insert: 0,
  deduplicate_insert: 'disable',
  insert_deduplicate: 0,
  date_time_input_format: 'basic',
  date_time_overflow_behavior: 'saturate',
  input_format_skip_unknown_fields: 0,
  input_format_null_as_default: 0,
  input_format_defaults_for_omitted_fields: 1,
  input_format_allow_errors_num: 0,
  input_format_allow_errors_ratio: 0,
  input_format_json_read_numbers_as_strings: 0,
  input_format_json_read_bools_as_numbers: 0,
  input_format_json_read_bools_as_strings: 0,
  input_format_json_read_objects_as_strings: 0,
  input_format_json_read_arrays_as_strings: 0,
  input_format_json_ignore_unknown_keys_in_named_tuple: 0,
  max_execution_time: 120,
} as const;
/** Settings that a server may be too old to know. Without them it must be asked again. */
const NEWER_SETTINGS: readonly string[] = ['deduplicate_insert', 'input_format_json_read_bools_as_strings'];
const UNKNOWN_SETTING = 115;
/** The answer starts when the statement has ended, so that its status tells how it ended. */
const ANSWER_SETTINGS = { wait_end_of_query: 1, send_progress_in_http_headers: 0 } as const;
const REQUEST_TIMEOUT_MS = 150_000;
/** A server that works has said by then that a question took it too long, ms. */
export const ANSWER_GRACE_MS = 5_000;
const PING_TIMEOUT_MS = 3_000;

/** A client with connections of its own. Nothing is sent before the first call. */
export function createClickHouse(connection: ClickHouseConnection, options: ClickHouseOptions = {}): ClickHouse {
  const { url, database, user, password } = connection;
  const client = createClient({
    url,
    database,
    username: user,
    password,
    request_timeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    max_open_connections: options.maxConnections ?? 8,
    compression: { request: false, response: false },
    keep_alive: { enabled: true, idle_socket_ttl: 2000 },
    clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
    log: { level: ClickHouseLogLevel.OFF }, // its lines repeat statements and their parameters
  });
  const serverMessages = options.serverMessages ?? false;
  const guard = async <T>(work: () => Promise<T>, mayRepeat = serverMessages): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw asClickHouseError(error, mayRepeat);
    }
  };
  const unknownSettings = new Set<string>();
  return {
    connection: { url, database, user },
    query: async <T>(sql: string, params: QueryParams = {}, settings: Settings = {}) =>
      await guard(async () => {
        const bound = answerBound(settings);
        try {
          const result = await client.query({
            query: sql,
            format: 'JSONEachRow',
            query_params: params,
            clickhouse_settings: { ...ANSWER_SETTINGS, ...settings },
            ...(bound && { abort_signal: bound }),
          });
          return await result.json<T>();
        } catch (error) {
          throw bound?.aborted === true ? new Error('timeout') : error;
        }
      }),
    command: async (sql, params = {}, settings = {}) =>
      await guard(async () => {
        const { stream } = await client.exec({
          query: sql,
          query_params: params,
          clickhouse_settings: { ...ANSWER_SETTINGS, ...settings },
        });
        await text(stream);
      }),
    insertBlock: async (table, bodies, settings = {}) =>
      await guard(async () => await insertBlock(client, unknownSettings, table, bodies, settings), false),
    ping: async () => await ping(client),
    close: async () => await client.close(),
  };
}

/** For ClickHouse 0 seconds are no bound. */
function answerBound({ max_execution_time: seconds = 0 }: Settings): AbortSignal | undefined {
  return Number(seconds) === 0 ? undefined : AbortSignal.timeout(Number(seconds) * 1000 + ANSWER_GRACE_MS);
}

async function insertBlock(
  client: ClickHouseClient,
  unknownSettings: Set<string>,
  table: string,
  bodies: readonly Buffer[],
  settings: Settings,
): Promise<void> {
  const known = Object.entries(INSERT_SETTINGS).filter(([name]) => !unknownSettings.has(name));
  try {
    const { stream, summary } = await client.exec({
      query: `INSERT INTO ${table} FORMAT JSONEachRow`,
      values: Readable.from(bodies, { objectMode: false }),
      clickhouse_settings: { ...ANSWER_SETTINGS, ...Object.fromEntries(known), ...settings },
    });
    const answer = await text(stream);
    if (answer !== '') throw new Error(answer);
    if (summary === undefined) throw new Error('the server did not say that the insert ended');
  } catch (error) {
    const missing = unknownSetting(error);
    if (missing === undefined || unknownSettings.has(missing)) throw error;
    unknownSettings.add(missing);
    await insertBlock(client, unknownSettings, table, bodies, settings);
  }
}

/** The setting that an older server refused to know, when it is one of those that may be left out. */
function unknownSetting(error: unknown): string | undefined {
  if (!(error instanceof ServerError) || Number(error.code) !== UNKNOWN_SETTING) return undefined;
  return NEWER_SETTINGS.find((name) => error.message.includes(name));
}

async function ping(client: ClickHouseClient): Promise<boolean> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PING_TIMEOUT_MS);
  try {
    return (await client.ping({ select: false, abort_signal: abort.signal })).success;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
