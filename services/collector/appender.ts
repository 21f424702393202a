// Makes rows durable for many requests at once. In: the blocks of one request. Out: a promise that settles when they are durable.
// While one append is under way, the requests that come are gathered; they share the next one, and their small blocks are joined.
// Never answers for a request before the append that holds all of its rows has ended.
import type { Logger } from '../../shared/runtime/log.js';
import type { Block, StreamWriter } from '../../shared/runtime/stream.js';
import { errorCode } from '../../shared/runtime/errors.js';
import { joinBlocks } from './blocks.js';

/** A group takes no further request once it has so many bytes. */
export const GROUP_BYTES = 4 * 1024 * 1024;

export interface AppenderCounts {
  groups: number;
  blocks: number;
  bytes: number;
  failures: number;
}

interface Group {
  readonly blocks: Block[];
  bytes: number;
  readonly done: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

export class Appender {
  readonly counts: AppenderCounts = { groups: 0, blocks: 0, bytes: 0, failures: 0 };
  readonly #writer: StreamWriter;
  readonly #log: Logger;
  /** In order; the last one still takes requests. */
  readonly #gathering: Group[] = [];
  #running: Promise<void> | undefined;

  constructor(writer: StreamWriter, log: Logger) {
    this.#writer = writer;
    this.#log = log;
  }

  /** Resolves when all `blocks` are durable; rejects when none of them may be counted on. */
  async append(blocks: readonly Block[]): Promise<void> {
    if (blocks.length === 0) return;
    const group = this.#openGroup();
    group.blocks.push(...blocks);
    for (const block of blocks) group.bytes += block.body.length;
    this.#running ??= this.#run();
    await group.done;
  }

  /** Resolves when nothing is waiting to become durable. */
  async drained(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // Requests that were read in this turn of the event loop come along.
    await new Promise((resolve) => setImmediate(resolve));
    for (let group = this.#gathering.shift(); group !== undefined; group = this.#gathering.shift())
      await this.#appendGroup(group);
    this.#running = undefined;
  }

  #openGroup(): Group {
    const last = this.#gathering.at(-1);
    if (last !== undefined && last.bytes < GROUP_BYTES) return last;
    const group = newGroup();
    this.#gathering.push(group);
    return group;
  }

  async #appendGroup(group: Group): Promise<void> {
    const blocks = joinBlocks(group.blocks);
    try {
      await this.#writer.append(blocks);
      this.counts.groups++;
      this.counts.blocks += blocks.length;
      for (const block of blocks) this.counts.bytes += block.body.length;
      group.resolve();
    } catch (error) {
      this.counts.failures++;
      // Nothing is lost: the clients are told to send again.
      this.#log.warn({ code: errorCode(error), err: error }, 'rows could not be made durable');
      group.reject(error);
    }
  }
}

function newGroup(): Group {
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const done = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Each request waits on `done` itself; this keeps a group without waiters from ending the process.
  done.catch(() => undefined);
  return { blocks: [], bytes: 0, done, resolve, reject };
}
