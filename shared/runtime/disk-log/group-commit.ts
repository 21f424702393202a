// Group commit: while one group is being made durable, the next one collects. In: items with their size. Out: each item's
// promise settles with its group. Must never reorder items, and never let one group begin before the last one ended.
export interface GroupCommitOptions<Item> {
  /** Makes the items durable; its failure is that of each item in the group. */
  readonly commit: (items: readonly Item[]) => Promise<void>;
  /** A group takes no further item beyond this; a single larger item forms a group. */
  readonly groupBytesMax: number;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit<Item> {
  readonly #options: GroupCommitOptions<Item>;
  #waiting: Waiting<Item>[] = [];
  #bytes = 0;
  #running: Promise<void> | undefined;

  constructor(options: GroupCommitOptions<Item>) {
    this.#options = options;
  }

  /** Bytes added and not settled yet. */
  get pendingBytes(): number {
    return this.#bytes;
  }

  async add(item: Item, bytes: number): Promise<void> {
    this.#bytes += bytes;
    const settled = new Promise<void>((resolve, reject) => this.#waiting.push({ item, bytes, resolve, reject }));
    this.#running ??= this.#run();
    await settled;
  }

  /** Resolves when everything added so far has settled. */
  async drained(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // Callers of the same turn of the event loop come into the first group.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      try {
        await this.#options.commit(group.map((waiting) => waiting.item));
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
      for (const { bytes } of group) this.#bytes -= bytes;
    }
    this.#running = undefined;
  }

  #takeGroup(): Waiting<Item>[] {
    let bytes = 0;
    let items = 0;
    for (const waiting of this.#waiting) {
      if (items > 0 && bytes + waiting.bytes > this.#options.groupBytesMax) break;
      bytes += waiting.bytes;
      items += 1;
    }
    return this.#waiting.splice(0, items);
  }
}
