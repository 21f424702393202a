// What a page tells the beacon at its start. Types and defaults only.
import type { Consent } from './wire.js';

/** V: a generation counts as shown after so long in sight, ms. */
export const VISIBLE_MS = 750;

export interface Options {
  /** The project's public write key (`pk_...`). */
  key: string;
  /** The collector's address, with the path it stands behind, if any. */
  endpoint: string;
  /** The signed-in user's id; hashed by the collector. */
  user?: string | undefined;
  /** Kind of place the generations are shown in; `web` by default. */
  surface?: string | undefined;
  /** Up to 32 labels of up to 200 characters for every event. Never a text. */
  attributes?: Record<string, string> | undefined;
  /** `pending` by default: nothing is stored on the device and there is no client id. */
  consent?: Consent | undefined;
  /** Count also people whose browser sends Global Privacy Control. Off by default. */
  ignoreGpc?: boolean | undefined;
  /** Treat Do Not Track like Global Privacy Control. Off by default. */
  honourDnt?: boolean | undefined;
  /** V in ms, 750 by default. */
  visibleMs?: number | undefined;
  /** Show in the page what is seen and sent, for developers. Off by default. */
  debug?: boolean | undefined;
}
