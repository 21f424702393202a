// The calls of a page by their types: what `tacit` is for who uses it. Types only, so that the published declarations
// mention nothing of how it works.
import type { Change, Text } from './draft.js';
import type { Counts } from './guard.js';
import type { Options } from './options.js';
import type { AcceptFields, Consent, CopyFields, EditedBy, GenerationEntry, RejectReason } from './wire.js';

export interface GenerationInfo extends GenerationEntry {
  /** What a copy button of the page writes, when that is not what is shown. Stays in memory. */
  text?: string;
  /** Where the generation is shown; it gets the attribute `data-tacit-generation`. */
  element?: Element;
}

/** `id` is a generation's id throughout. Lengths are UTF-16 units, times milliseconds. */
export interface Tacit {
  /** Starts the beacon; a second call does nothing. */
  init(options: Options): void;
  /**
   * Registers a generation, or adds to what is known of it. `id`: up to 128 characters; without one the beacon makes a
   * UUIDv7. Answers the id.
   */
  generation(id?: string, info?: GenerationInfo): string;
  /** The whole answer is there: streaming has ended. Said by itself after 1.5 s without growth. */
  done(id: string): void;
  /** For what the beacon cannot see (a canvas, a native view): it was in sight for so long. */
  shown(id: string, visibleMs?: number): void;
  copy(id: string, fields: CopyFields): void;
  accept(id: string, fields?: AcceptFields): void;
  /** Compares the texts here and sends the difference only. */
  edit(id: string, before: string, after: string, by?: EditedBy): void;
  /**
   * For adapters of editors: the text of the editor in `place` has changed, by whom `change` says, undefined when the
   * editor cannot know. Which generation it is, an attribute on or around the place says, or an acceptance just before.
   * The texts stay here. Call it once with the same text twice as the editor comes.
   */
  draft(place: Element, change: Change | undefined, before: Text, after: Text): void;
  reject(id: string, reason?: RejectReason): void;
  /** Explicit feedback, such as thumbs: reported beside the rates, never summed with them. */
  rate(id: string, value: number, label?: string): void;
  /** The user signed in, or (null) out. What happened before stays as it was. */
  identify(user: string | null): void;
  consent(state: Consent): void;
  /** Looks into an open shadow root too, or into the document of an iframe of the same origin. */
  attach(root: Document | ShadowRoot): void;
  /** Posts what waits; resolves when nothing more can be done now. */
  flush(): Promise<void>;
  /** What became of the events so far, with `queued`. */
  stats(): Counts;
  /** Takes every hook out of the page. */
  stop(): void;
}
