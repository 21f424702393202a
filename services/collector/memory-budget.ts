// How many bytes of requests the process holds: bodies as they come in, and rows until they are durable.
// Back-pressure is by bytes, not by requests: a request that would pass the budget is refused and may come again.

export class MemoryBudget {
  readonly #max: number;
  #held = 0;

  constructor(bytesMax: number) {
    this.#max = bytesMax;
  }

  get heldBytes(): number {
    return this.#held;
  }

  /** Takes `bytes`, or takes nothing and answers false. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.#max) return false;
    this.#held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}
