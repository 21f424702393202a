// What travels: the events a page can make, the description of a generation, and the envelope an event is posted in.
// Types only; what is undefined does not travel. Counts, ratios, distances and ids; there is no field that could carry a text.

export type CopyMethod = 'keyboard' | 'button' | 'menu' | 'drag';
export type AcceptMethod = 'insert' | 'apply' | 'tab' | 'send' | 'partial';
export type RejectReason = 'dismissed' | 'regenerated' | 'undone' | 'deleted' | 'stopped';
export type IgnoreReason = 'superseded' | 'typed_on' | 'left' | 'timeout' | 'lost';
export type EditedBy = 'submit' | 'save' | 'blur' | 'idle' | 'left';

/** Lengths are UTF-16 units, times milliseconds. `chars` of `of` characters left the page. */
export interface CopyFields {
  chars: number;
  of: number;
  method: CopyMethod;
  part?: 'code' | undefined;
}

export interface AcceptFields {
  method: AcceptMethod;
  chars?: number | undefined;
  of?: number | undefined;
}

/** How far two texts are apart: `distance` in code points, `similarity` 0..1, `approx` names an inexact method. */
export interface Difference {
  similarity: number;
  distance: number;
  from: number;
  to: number;
  approx?: 'tokens' | 'grams' | undefined;
}

/** One thing a person did, or that happened to a generation. */
export type Action =
  | { type: 'generated'; length?: number | undefined }
  | { type: 'shown'; visibleMs: number; forced?: true | undefined }
  | ({ type: 'copy' } & CopyFields)
  | ({ type: 'accept' } & AcceptFields)
  | ({ type: 'edit'; by: EditedBy } & Difference)
  | { type: 'reject'; reason: RejectReason }
  | { type: 'ignore'; reason: IgnoreReason; visibleMs: number; id?: string }
  | { type: 'retention'; afterMs: number; similarity: number; retainedChars: number }
  | { type: 'rate'; value: number; label?: string | undefined };

/** An action with its id (UUIDv7, made once), its time (never changed by a retry) and its generation. */
export type WireEvent = { id: string; t: number; g: string } & Action;

/** What is known of a generation. `generatedAt` is milliseconds since the epoch. */
export interface GenerationEntry {
  token?: string;
  promptId?: string;
  promptVersion?: string;
  model?: string;
  modelVersion?: string;
  generatedAt?: number;
  taskId?: string;
  length?: number | undefined;
  experiment?: { id: string; arm: string; assignment?: string };
}

export type Consent = 'granted' | 'denied' | 'pending';

/** Where and as whom an event is posted. It is kept with the event: a later login must not change it. */
export interface Envelope {
  endpoint: string;
  key: string;
  consent: Consent;
  surface: string;
  sessionId: string;
  clientId?: string | undefined;
  userId?: string | undefined;
  attributes?: Record<string, string> | undefined;
}

/** An event as the queue keeps it, with everything that is needed to post it. */
export interface QueuedEvent {
  id: string;
  envelope: Envelope;
  entry: GenerationEntry;
  event: WireEvent;
}
