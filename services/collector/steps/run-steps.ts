// Runs the steps over the drafts of a batch: each step over all drafts that are still alive, so that measuring costs one
// look at the clock per step and batch. A step never measures itself.
import type { BatchContext, EventDraft, Step } from './draft.js';

/** Time spent in each step, ms, in the order of the steps. */
export class StepTimes {
  readonly ms: Float64Array;

  constructor(steps: readonly Step[]) {
    this.ms = new Float64Array(steps.length);
  }
}

export function runSteps(
  steps: readonly Step[],
  drafts: readonly EventDraft[],
  batch: BatchContext,
  times: StepTimes,
): void {
  let before = performance.now();
  for (const [i, step] of steps.entries()) {
    for (const draft of drafts) if (draft.dropped === undefined) step.run(draft, batch);
    const after = performance.now();
    times.ms[i] = (times.ms[i] ?? 0) + after - before;
    before = after;
  }
}
