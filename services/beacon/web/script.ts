// The script tag: reads its own attributes, starts the beacon, replays the calls made before it had loaded and becomes
// the global `tacit`. It is the entry of a bundle; nothing imports it.
import type { Tacit } from './api.js';
import { createTacit } from './api.js';
import type { DebugModule } from './debug.js';
import type { ReaderModule } from './reader.js';
import { guard } from './guard.js';
import type { Consent } from './wire.js';

/** Names of the parts that are loaded later; the bundler writes them in. */
declare const READER_FILE: string;
declare const DEBUG_FILE: string;

type Call = [keyof Tacit, ...unknown[]];

/** What may bear the name before: the stub of a page that calls early, with its calls. */
interface Early {
  q?: { push: (call: Call) => unknown };
  stop?: unknown;
}

declare global {
  interface Window {
    tacit?: Tacit & Early;
  }
}

function take(tacit: Tacit, [name, ...args]: Call): unknown {
  return (tacit[name] as (...args: unknown[]) => unknown)(...args);
}

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
    for (const call of early.q as unknown as Call[]) guard(take)(tacit, call);
    // Who held on to the stub reaches the real one.
    early.q = { push: (call) => guard(take)(tacit, call) };
  }
  const { tacitKey, tacitEndpoint, tacitConsent, tacitUser, tacitSurface, tacitIgnoreGpc, tacitDebug } =
    script?.dataset ?? {};
  if (!script || !tacitKey) return;
  tacit.init({
    key: tacitKey,
    endpoint: tacitEndpoint ?? folder.replace(/\/tacit\/$/, ''),
    consent: tacitConsent as Consent | undefined,
    user: tacitUser,
    surface: tacitSurface,
    ignoreGpc: tacitIgnoreGpc !== undefined,
    debug: tacitDebug !== undefined,
  });
}

guard(main)();
