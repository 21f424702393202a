// The debug overlay, for a page that asks for it (`data-tacit-debug`, or `debug: true`): shows a developer each generation
// with what was seen and sent. In: a running beacon. Out: one element at the end of the document. Looks on only; it is gone
// when the beacon is stopped, and it is in no page that does not ask.
import type { Beacon } from './core.js';
import { createDebugLog } from './debug-log.js';
import type { DebugLog } from './debug-log.js';
import { createDebugPanel } from './debug-panel.js';
import type { DebugPanel } from './debug-panel.js';
import type { DebugRow } from './debug-row.js';
import { createDebugRow } from './debug-row.js';
import { consentText, countsText } from './debug-words.js';
import { GENERATION } from './dom.js';
import type { Generation } from './generation.js';
import type { Counts } from './guard.js';
import { guard } from './guard.js';
import type { Options } from './options.js';
import { VISIBLE_MS } from './options.js';

/** Most generations that are shown, the newest. */
export const ROWS_MAX = 50;

/** Times in the overlay are brought up to date so often, ms. */
const REFRESH_MS = 500;

/** What the loaded file offers. */
export interface DebugModule {
  openDebug: (beacon: Beacon, options: Options, counts: Counts) => void;
}

/** Keeps the rows of the newest generations in step with the registry. */
function createRows(beacon: Beacon, log: DebugLog, panel: DebugPanel, visibleMs: number): () => void {
  const rows = new Map<Generation, DebugRow>();

  function mark(generation?: Generation): void {
    const roots = generation ? beacon.registry.roots() : [];
    panel.mark(roots.find((root) => root.getAttribute(GENERATION) === generation?.id));
  }

  return () => {
    const all = [...beacon.registry.all()];
    const shown = new Set(all.slice(-ROWS_MAX));
    for (const [generation, { item }] of rows)
      if (!shown.has(generation)) {
        item.remove();
        rows.delete(generation);
      }
    for (const generation of shown) {
      const row = rows.get(generation) ?? createDebugRow(generation, visibleMs, mark);
      if (!rows.has(generation)) panel.rows.prepend(row.item);
      rows.set(generation, row);
      row.update(log.of(generation.id));
    }
    panel.note(all.length > ROWS_MAX ? `and ${all.length - ROWS_MAX} older` : '');
  };
}

/** Shows the overlay. `counts` are the beacon's own. */
export function openDebug(beacon: Beacon, options: Options, counts: Counts): void {
  const { queue, identity } = beacon;
  let planned = false;

  const show = guard(() => {
    // A framework that replaces the whole document takes it along.
    if (!panel.host.isConnected) document.documentElement.append(panel.host);
    log.settle();
    const generations = [...beacon.registry.all()].length;
    const queued = queue.own().length;
    panel.title(`tacit: ${generations} generation${generations === 1 ? '' : 's'}, ${queued} queued`);
    if (!panel.isOpen()) return;
    const { consent, endpoint } = identity.envelope();
    panel.fact('endpoint', endpoint);
    panel.fact('answer', log.lastAnswer() || 'none yet');
    panel.fact('consent', consentText(consent, identity.active(), options));
    panel.fact('counts', countsText(counts, queued));
    if (log.handedOver()) panel.fact('on leaving', `handed to the browser ${log.handedOver()} times`);
    updateRows();
  });
  /** Once for everything that one task of the page does. */
  const plan = (): void => {
    if (planned) return;
    planned = true;
    setTimeout(() => {
      planned = false;
      show();
    });
  };

  const panel = createDebugPanel(plan);
  const log = createDebugLog(queue, identity.envelope().endpoint, plan);
  const updateRows = createRows(beacon, log, panel, options.visibleMs ?? VISIBLE_MS);
  const timer = setInterval(show, REFRESH_MS);
  const stop = beacon.stop.bind(beacon);
  beacon.stop = () => {
    clearInterval(timer);
    log.stop();
    panel.host.remove();
    stop();
  };
  show();
}
