// Stand-ins for the sink's unit tests: a stream in memory that insists on the order of commits, and a ClickHouse that stores lines
// and refuses what it is told to refuse.
import type { StreamTable } from '../../../../shared/contract/rows.js';
import { WeatherError } from '../../../../shared/runtime/errors.js';
import { systemClock } from '../../../../shared/runtime/clock.js';
import { createLogger } from '../../../../shared/runtime/log.js';
import { sleep } from '../../../../shared/runtime/retry.js';
import type {
  DeliveredBlock,
  StreamBatch,
  StreamReader,
  StreamTotals,
  UnreadableBlock,
} from '../../../../shared/runtime/stream.js';
import { consume } from '../../../../services/sink/consume.js';
import { createInsert, type SendRows } from '../../../../services/sink/insert.js';
import { createSinkMetrics, type SinkMetrics } from '../../../../services/sink/metrics.js';
import { Waiting } from '../../../../services/sink/waiting.js';

export type Item = DeliveredBlock | UnreadableBlock;

/** As the ClickHouse client rejects: with the server's code, or without one when the server was not reached. */
export class FakeServerError extends WeatherError {
  readonly serverCode: number | undefined;

  constructor(serverCode: number | undefined, message = '') {
    super(serverCode === undefined ? 'clickhouse_unreachable' : 'clickhouse_refused', message, { retriable: true });
    this.serverCode = serverCode;
  }
}

export class FakeClickHouse {
  readonly stored = new Map<StreamTable, string[]>();
  readonly inserts: { table: StreamTable; lines: string[] }[] = [];
  /** What fails the whole insert, whatever its rows. */
  weather: (table: StreamTable) => number | 'unreachable' | undefined = () => undefined;
  /** The code by which a line is refused. */
  refuses: (table: StreamTable, line: string) => number | undefined = () => undefined;
  delayMs = 0;

  readonly send: SendRows = async (table, chunks) => {
    await sleep(this.delayMs);
    const lines = Buffer.concat(chunks)
      .toString('latin1')
      .split('\n')
      .filter((line) => line.trim() !== '');
    this.inserts.push({ table, lines });
    const weather = this.weather(table);
    if (weather !== undefined) throw new FakeServerError(weather === 'unreachable' ? undefined : weather);
    for (const [index, line] of lines.entries()) {
      const code = this.refuses(table, line);
      if (code !== undefined) throw new FakeServerError(code, `refused: (${code}): column chars, row ${index + 1}`);
    }
    this.stored.set(table, [...this.rows(table), ...lines]);
  };

  rows(table: StreamTable): string[] {
    return this.stored.get(table) ?? [];
  }

  distinct(table: StreamTable): string[] {
    return [...new Set(this.rows(table))].sort();
  }

  dead(): { position: string; target: string; reason: string; detail: string; row: string; project_id: string }[] {
    return this.distinct('dead_letters').map((line) => JSON.parse(line) as ReturnType<FakeClickHouse['dead']>[number]);
  }
}

export class FakeStream implements StreamReader {
  readonly commits: StreamTotals[] = [];
  readonly reads: number[] = [];
  failNextCommit: WeatherError | undefined;
  failNextRead: WeatherError | undefined;
  rewinds = 0;
  #batches: Item[][] = [];
  #next = 0;
  #totals: StreamTotals = { stored: 0, dead: 0 };

  push(...items: Item[]): void {
    this.#batches.push(items);
  }

  get waitingBatches(): number {
    return this.#batches.length - this.commits.length;
  }

  async read(maxBytes: number, waitMs: number): Promise<StreamBatch | undefined> {
    this.reads.push(maxBytes);
    const failure = this.failNextRead;
    this.failNextRead = undefined;
    if (failure !== undefined) throw failure;
    for (let waited = 0; this.#batches[this.#next] === undefined && waited < waitMs; waited += 50) await sleep(50);
    const index = this.#next;
    const items = this.#batches[index];
    if (items === undefined) return undefined;
    this.#next += 1;
    const bytes = items.reduce((sum, item) => sum + ('bytes' in item ? item.bytes.length : item.body.length), 0);
    return { items, bytes, commit: async (counts) => await this.#commit(index, counts) };
  }

  async #commit(index: number, counts: StreamTotals): Promise<void> {
    await sleep(1);
    const failure = this.failNextCommit;
    this.failNextCommit = undefined;
    if (failure !== undefined) throw failure;
    if (index !== this.commits.length)
      throw new Error(`batch ${index} is committed after ${this.commits.length} others`);
    this.commits.push(counts);
    this.#totals = { stored: this.#totals.stored + counts.stored, dead: this.#totals.dead + counts.dead };
  }

  async rewind(): Promise<void> {
    this.rewinds += 1;
    this.#next = this.commits.length;
  }

  totals(): StreamTotals {
    return this.#totals;
  }

  async backlog(): Promise<{ bytes: number; ageMs: number }> {
    return { bytes: 0, ageMs: 0 };
  }

  async close(): Promise<void> {}
}

let blocks = 0;

/** A block of lines as they are given, at a position of its own. */
export function block(lines: readonly string[], options: { table?: StreamTable; rows?: number } = {}): DeliveredBlock {
  blocks += 1;
  const body = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
  return { table: options.table ?? 'events', rows: options.rows ?? lines.length, position: `log:1:${blocks}`, body };
}

export interface RunningSink {
  readonly stream: FakeStream;
  readonly clickhouse: FakeClickHouse;
  readonly waiting: Waiting;
  readonly metrics: SinkMetrics;
  readonly stop: AbortController;
  readonly cut: AbortController;
  readonly ended: Promise<void>;
}

/** The loop of the sink between a stream and a ClickHouse in memory. */
export function runFakeSink(stream = new FakeStream(), clickhouse = new FakeClickHouse()): RunningSink {
  const stop = new AbortController();
  const cut = new AbortController();
  const log = createLogger('sink', 'silent');
  const waiting = new Waiting({ log, clock: systemClock, stop: stop.signal });
  const metrics = createSinkMetrics(async () => await stream.backlog(), waiting);
  const insert = createInsert({ send: clickhouse.send, waiting, metrics, clock: systemClock, cut: cut.signal });
  const ended = consume({ reader: stream, insert, waiting, metrics, log, clock: systemClock, stop: stop.signal });
  ended.catch(() => undefined);
  return { stream, clickhouse, waiting, metrics, stop, cut, ended };
}
