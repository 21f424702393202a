// The script tag: reads its own attributes, starts the beacon, replays the calls made before it had loaded and becomes
// the global `tacit`. It is the entry of a bundle; nothing imports it.
import { createTacit } from './api.js';
import type { DebugModule } from './debug.js';
import type { ReaderModule } from './reader.js';
import { guard } from './guard.js';
import type { Options } from './options.js';
import type { Tacit } from './tacit.js';

/** Names of the parts that are loaded later; the bundler writes them in. */
declare const READER_FILE: string;
declare const DEBUG_FILE: string;

type Call = [keyof Tacit, ...unknown[]];

/** Where a stub keeps the calls that it was given. */
interface Kept {
  forEach(run: (call: Call) => void): void;
  push(call: Call): unknown;
}

/** What may bear the name before: the stub of a page that calls early, with its calls. */
interface Early {
  q?: Kept;
  stop?: unknown;
}

declare global {
  interface Window {
    tacit?: Tacit & Early;
  }
}

/** Attributes that need no value. Any other one without a value is as good as absent. */
const SWITCH = /Gpc|Dnt|bug/;

function main(): void {
  const early: Early | undefined = window.tacit;
  // Loaded twice: the first one goes on. An element whose id is "tacit" is a global of that name as well.
  if (early?.stop && !early.q) return;
  const script = document.currentScript as HTMLScriptElement | null;
  const folder = script?.src.replace(/[^/]*$/, '') ?? '';
  const tacit = createTacit(
    () => import(folder + READER_FILE) as Promise<ReaderModule>,
    () => import(folder + DEBUG_FILE) as Promise<DebugModule>,
  );
  window.tacit = tacit;
  if (early?.q) {
    const push = guard(([name, ...args]: Call) => (tacit[name] as (...args: unknown[]) => unknown)(...args));
    early.q.forEach(push);
    // Who held on to the stub reaches the real one.
    early.q.push = push;
  }
  const options: Record<string, unknown> = { endpoint: folder.replace(/\/tacit\/$/, '') };
  for (const [name, value] of Object.entries(script?.dataset ?? {})) {
    const chosen = /^tacit/.test(name) && (value || SWITCH.test(name));
    if (chosen) options[name.charAt(5).toLowerCase() + name.slice(6)] = chosen;
  }
  if (options['key']) tacit.init(options as unknown as Options);
}

guard(main)();
