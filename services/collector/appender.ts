// Makes rows durable for many requests at once. In: the lines of one request. Out: a promise that says whether they are durable.
// While one append is under way, the requests that come are gathered; they share the next one, and blocks.
// Never answers for a request before the append that holds all of its rows has ended.
import type { Logger } from '../../shared/runtime/log.js';
import type { StreamWriter } from '../../shared/runtime/stream.js';
import { errorCode } from '../../shared/runtime/errors.js';
import { BlockPacker, SpareRoom, type Lines } from './blocks.js';

/** A group takes no further request once it has so many bytes. */
export const GROUP_BYTES = 4 * 1024 * 1024;

export interface AppenderCounts {
  groups: number;
  blocks: number;
  bytes: number;
  failures: number;
}

interface Group {
  readonly packer: BlockPacker;
  /** Whether everything in it is durable; never rejects. */
  readonly durable: Promise<boolean>;
  settle(durable: boolean): void;
}

const NOTHING_TO_DO = Promise.resolve(true);

export class Appender {
  readonly counts: AppenderCounts = { groups: 0, blocks: 0, bytes: 0, failures: 0 };
  readonly #writer: StreamWriter;
  readonly #log: Logger;
  readonly #spare = new SpareRoom();
  /** In order; the last one still takes requests. */
  readonly #gathering: Group[] = [];
  #running: Promise<void> | undefined;

  constructor(writer: StreamWriter, log: Logger) {
    this.#writer = writer;
    this.#log = log;
  }

  /** Resolves to true when all lines are durable, to false when none of them may be counted on. Never rejects. */
  append(lines: readonly Lines[]): Promise<boolean> {
    if (lines.length === 0) return NOTHING_TO_DO;
    const group = this.#openGroup();
    for (const some of lines) group.packer.add(some);
    this.#running ??= this.#run();
    return group.durable;
  }

  /** Resolves when nothing is waiting to become durable. */
  async drained(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // Requests that were read in this turn of the event loop come along.
    await new Promise((resolve) => setImmediate(resolve));
    for (let group = this.#gathering.shift(); group !== undefined; group = this.#gathering.shift())
      group.settle(await this.#isDurable(group.packer));
    this.#running = undefined;
  }

  #openGroup(): Group {
    const last = this.#gathering.at(-1);
    if (last !== undefined && last.packer.bytes < GROUP_BYTES) return last;
    const group = newGroup(this.#spare);
    this.#gathering.push(group);
    return group;
  }

  async #isDurable(packer: BlockPacker): Promise<boolean> {
    const blocks = packer.finish();
    try {
      await this.#writer.append(blocks);
    } catch (error) {
      this.counts.failures++;
      // Nothing is lost: the clients are told to send again.
      this.#log.warn({ code: errorCode(error), err: error }, 'rows could not be made durable');
      return false;
    }
    packer.release();
    this.counts.groups++;
    this.counts.blocks += blocks.length;
    this.counts.bytes += packer.bytes;
    return true;
  }
}

function newGroup(spare: SpareRoom): Group {
  let settle: (durable: boolean) => void = () => undefined;
  const durable = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  return { packer: new BlockPacker(spare), durable, settle: (result) => settle(result) };
}
