// One segment while it is written: created durably, appended to by whole groups, closed or given up for good.
// After a failed write or sync its file is never written again: the kernel may have dropped what it could not store, and a
// second sync would report success.
import { open, rename, rm, truncate, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { syncDirectory } from './log-directory.js';
import { failedSegmentFile, type Segment } from './segment.js';

export class SegmentWriter {
  readonly segment: Segment;
  readonly #handle: FileHandle;
  #acknowledgedBytes = 0;

  private constructor(segment: Segment, handle: FileHandle) {
    this.segment = segment;
    this.#handle = handle;
  }

  /** Creates the file; its name is durable before anything is written into it. */
  static async create(segment: Segment): Promise<SegmentWriter> {
    const handle = await open(segment.file, 'wx', 0o600);
    try {
      await syncDirectory(path.dirname(segment.file));
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(segment.file, { force: true }).catch(() => undefined);
      throw error;
    }
    return new SegmentWriter(segment, handle);
  }

  /** Bytes known to be durable. */
  get acknowledgedBytes(): number {
    return this.#acknowledgedBytes;
  }

  /** Resolves when all buffers are durable. After it has rejected only `giveUp` may be called. */
  async append(buffers: readonly Buffer[], bytes: number): Promise<void> {
    const { bytesWritten } = await this.#handle.writev([...buffers], this.#acknowledgedBytes);
    if (bytesWritten !== bytes) throw new Error(`only ${bytesWritten} of ${bytes} bytes could be written`);
    await this.#handle.datasync();
    this.#acknowledgedBytes += bytes;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /**
   * Closes the file and renames it, so that a reader knows where the acknowledged part ends. Without such a part the file goes.
   * Answers the error that hindered it, if any: the segment then keeps its name, and a reader may deliver what nobody was promised.
   */
  async giveUp(): Promise<unknown> {
    await this.#handle.close().catch(() => undefined);
    try {
      if (this.#acknowledgedBytes === 0) await rm(this.segment.file, { force: true });
      else await this.#keepAcknowledged();
      await syncDirectory(path.dirname(this.segment.file));
      return undefined;
    } catch (error) {
      return error;
    }
  }

  async #keepAcknowledged(): Promise<void> {
    const file = failedSegmentFile(this.segment, this.#acknowledgedBytes);
    await rename(this.segment.file, file);
    // Nobody reads what stands behind it now; on a full disk its space is needed, for the cursor first of all.
    await truncate(file, this.#acknowledgedBytes).catch(() => undefined);
  }
}
