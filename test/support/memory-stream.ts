// A stream writer that keeps its blocks in memory, for tests: it can be held back, made to fail, or made to refuse.
import { WeatherError } from '../../shared/runtime/errors.js';
import type { StreamTable } from '../../shared/contract/rows.js';
import type { Block, StreamWriter } from '../../shared/runtime/stream.js';

export class MemoryStreamWriter implements StreamWriter {
  readonly appends: (readonly Block[])[] = [];
  /** Set: appends wait for it. */
  gate: Promise<void> | undefined;
  failing = false;
  refused: { code: string; message: string } | undefined;
  closed = false;

  async append(blocks: readonly Block[]): Promise<void> {
    await this.gate;
    if (this.failing) throw new WeatherError('disk_error', 'the disk is gone', { retriable: true });
    // Copied: once an append has ended, its caller may use the memory again.
    this.appends.push(blocks.map((block) => ({ ...block, body: Buffer.from(block.body) })));
  }

  refusal(): { code: string; message: string } | undefined {
    return this.refused;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  /** Every row of a table, in order. */
  rows(table: StreamTable): Record<string, unknown>[] {
    return this.appends.flat().flatMap((block) => (block.table === table ? rowsOf(block) : []));
  }
}

/** Parses the rows of a block. */
export function rowsOf(block: Pick<Block, 'body'>): Record<string, unknown>[] {
  return block.body
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
