// Stores the rows of one table, and decides which of them can never be stored. In: blocks. Out: the rejected lines, or nothing
// known yet. Must never reject a row while no other row proves that the table, its grants and its columns are fine.
import type { StreamTable } from '../../shared/contract/rows.js';
import type { DeliveredBlock } from '../../shared/runtime/stream.js';
import { bisect, type Rejected } from './bisect.js';
import type { Refusal } from './data-codes.js';
import type { Insert } from './insert.js';
import { CONFIRM_ROWS_MAX, WITNESS_BYTES_MAX, WITNESS_SAMPLES_MAX } from './limits.js';
import { endedByNewline, lastLine, linesOf, type Line } from './lines.js';

export type RejectedLine = Rejected<Line, Refusal>;

/**
 * Everything of the blocks that was not answered is stored. `unproven`: rows were refused, and so was every row that could have
 * shown that the table takes rows at all; some rows may be stored, none may be put aside, the whole is to be tried again.
 */
export type StoreAnswer = readonly RejectedLine[] | 'unproven';

export class TableStore {
  readonly #insert: Insert;
  /** Per table the last row of the newest insert that was acknowledged. Inserting it again changes nothing. */
  readonly #witnesses = new Map<StreamTable, Buffer>();
  readonly #proofs = new Map<StreamTable, number>();
  #samplings = 0;

  constructor(insert: Insert) {
    this.#insert = insert;
  }

  /** How often this table turned out to be fine: with a new number, refused rows are worth another attempt. */
  proofs(table: StreamTable): number {
    return this.#proofs.get(table) ?? 0;
  }

  async store(table: StreamTable, blocks: readonly DeliveredBlock[], count: number): Promise<StoreAnswer> {
    const chunks = blocks.map((block) => endedByNewline(block.body));
    const refusal = await this.#insert({ table, chunks, count });
    if (refusal === undefined) {
      const line = lastLine(blocks.at(-1)?.body ?? Buffer.alloc(0));
      if (line !== undefined && line.length <= WITNESS_BYTES_MAX) this.#witnesses.set(table, Buffer.from(line));
      this.#proofs.set(table, this.proofs(table) + 1);
      return [];
    }
    const lines = blocks.flatMap(linesOf);
    const witness = await this.#findWitness(table, lines);
    if (witness === undefined) return 'unproven';
    const refused = await bisect(lines, refusal, async (part) => await this.#insertLines(table, part));
    const answer = await this.#confirm(table, witness, refused);
    if (answer !== 'unproven') this.#proofs.set(table, this.proofs(table) + 1);
    return answer;
  }

  /** A row that the table takes at this moment: one stored before, else one of these. Each time another sample of them is tried. */
  async #findWitness(table: StreamTable, lines: readonly Line[]): Promise<Buffer | undefined> {
    const known = this.#witnesses.get(table);
    if (known !== undefined && (await this.#takes(table, known))) return known;
    const step = Math.max(1, lines.length / WITNESS_SAMPLES_MAX);
    this.#samplings += 1;
    for (let at = this.#samplings % step; at < lines.length; at += step) {
      const bytes = lines[Math.floor(at)]?.bytes;
      if (bytes === undefined || bytes.length > WITNESS_BYTES_MAX || !(await this.#takes(table, bytes))) continue;
      const witness = Buffer.from(bytes);
      this.#witnesses.set(table, witness);
      return witness;
    }
    return undefined;
  }

  /**
   * Tries each row once more, with the witness accepted right before and right after: a table that was broken and mended while
   * its rows were searched must not cost one of them.
   */
  async #confirm(table: StreamTable, witness: Buffer, refused: readonly RejectedLine[]): Promise<StoreAnswer> {
    const confirmed: RejectedLine[] = [];
    if (!(await this.#takes(table, witness))) return 'unproven';
    for (let at = 0; at < refused.length; at += CONFIRM_ROWS_MAX) {
      for (const { row } of refused.slice(at, at + CONFIRM_ROWS_MAX)) {
        const reason = await this.#insertLines(table, [row]);
        if (reason !== undefined) confirmed.push({ row, reason });
      }
      if (!(await this.#takes(table, witness))) return 'unproven';
    }
    return confirmed;
  }

  async #takes(table: StreamTable, line: Buffer): Promise<boolean> {
    return (await this.#insert({ table, chunks: [line], count: 1 })) === undefined;
  }

  async #insertLines(table: StreamTable, lines: readonly Line[]): Promise<Refusal | undefined> {
    return await this.#insert({ table, chunks: [Buffer.concat(lines.map((l) => l.bytes))], count: lines.length });
  }
}
