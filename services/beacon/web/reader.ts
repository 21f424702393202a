// The part that observes people and reads texts, to count, compare or recognise them: loaded when a page has its first
// generation, so that all other pages do without. What it learns are counts; no text leaves it.
import { watchActions } from './actions.js';
import { watchCopies } from './copy.js';
import { watchDrags } from './drag.js';
import type { Edits } from './edit.js';
import { watchEdits } from './edit.js';
import { watchWritten } from './recognise.js';
import { countInto } from './guard.js';
import { VISIBLE_MS } from './options.js';
import type { Outcomes } from './outcomes.js';
import { watchOutcomes } from './outcomes.js';
import type { Page } from './page.js';
import { whenCompared } from './similarity.js';
import { createVisibility } from './visibility.js';
import type { Difference } from './wire.js';

export interface Reader extends Omit<Edits, 'taken' | 'textOf'>, Outcomes {
  /** Measures how long this element is in sight. */
  watch: (element: Element) => void;
  /** Waits for a quiet moment when the texts are large and far apart. */
  compare(before: string, after: string): Promise<Difference>;
}

/** What the loaded file offers. */
export interface ReaderModule {
  createReader: (page: Page) => Reader;
}

export function createReader(page: Page): Reader {
  const { registry, listen, tracker, visibleMs = VISIBLE_MS } = page;
  countInto(page.counts);
  const visibility = createVisibility(registry, visibleMs, listen, tracker.show);
  const copies = watchCopies(
    registry,
    listen,
    (generation, fields) => tracker.act(generation, { type: 'copy', ...fields }),
    (event, cause, found) => written.copied(event, cause, found),
  );
  watchDrags(listen, copies);
  watchActions(registry, listen, (generation, action) => tracker.act(generation, action));
  const edits = watchEdits(registry, listen, tracker);
  const written = watchWritten(registry, listen, copies, (generation) =>
    [edits.textOf(generation), generation.text].filter((text) => text !== undefined),
  );
  const act = tracker.act.bind(tracker);
  // By whatever way a person's act came: it tells how far an edit has gone, and where an accepted text goes.
  tracker.act = (generation, action, t) => {
    const taken = action.type === 'accept' || action.type === 'copy';
    if (!taken && action.type !== 'edit') edits.report('blur', generation);
    act(generation, action, t);
    if (!taken) return;
    const by = action.type === 'copy' ? 'blur' : action.method === 'apply' ? 'save' : 'submit';
    // The last decisive event counts: what was edited and then taken was edited.
    edits.report(by, generation, true);
    if (/insert|apply|tab/.test(action.method)) edits.taken(generation);
  };
  const outcomes = watchOutcomes(page, (generation) => edits.report('left', generation));
  return {
    ...edits,
    ...outcomes,
    watch: visibility.watch,
    compare: (before, after) => new Promise((resolve) => whenCompared(before, after, resolve)),
    stop() {
      tracker.act = act;
      edits.stop();
      written.stop();
      outcomes.stop();
      visibility.stop();
    },
  };
}
