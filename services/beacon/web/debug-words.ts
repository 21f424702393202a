// What the debug overlay says of the beacon's state, as words. In: generations, events, consent. Out: short lines. Pure.
// Ids, numbers and the closed words of events only: no text of the page is at hand here.
import { meaningOf } from '../../../shared/contract/decides.js';
import type { Generation } from './generation.js';
import type { Counts } from './guard.js';
import type { Options } from './options.js';
import type { Consent, WireEvent } from './wire.js';

/** An id up to this long is shown whole, characters. */
const ID_SHOWN_MAX = 16;

/** A last edit under the first is a rejection, from the second on an acceptance as it was; the collector's defaults. */
const EDIT_REJECTS_BELOW = 1 / 3;
const EDIT_ACCEPTS_FROM = 0.98;

/** Ids that are made within one minute begin alike: the end tells them apart. */
export function shortId(id: string): string {
  return id.length <= ID_SHOWN_MAX ? id : `${id.slice(0, 4)}…${id.slice(-8)}`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** How far a generation has come. `now` is ms since the epoch. */
export function stateOf(generation: Generation, events: readonly WireEvent[], now: number): string {
  const { settled, visibleSince, visibleMs, shown } = generation;
  const forced = events.some((event) => event.type === 'shown' && event.forced);
  return [
    settled ? 'settled' : 'streaming',
    `in sight ${seconds(visibleMs + (visibleSince ? now - visibleSince : 0))}${visibleSince ? ', still is' : ''}`,
    shown ? `shown${forced ? ' (forced)' : ''}` : 'not shown yet',
  ].join(' · ');
}

/** What the events so far would decide, by the rule that the collector uses; the collector alone decides. */
export function outcomeOf(generation: Generation, events: readonly WireEvent[], visibleMs: number): string {
  let outcome = generation.shown ? (generation.ignored ? 'ignored' : 'open') : 'not shown';
  for (const event of events) {
    const { decides, value } = meaningOf(event, visibleMs);
    if (decides === 'accept') outcome = 'accepted';
    if (decides === 'reject') outcome = 'rejected';
    if (decides === 'edit')
      outcome = value < EDIT_REJECTS_BELOW ? 'rejected' : value >= EDIT_ACCEPTS_FROM ? 'accepted' : 'edited';
  }
  return outcome;
}

/** Type and fields of an event. */
export function eventText({ id: _id, g: _g, t, type, ...fields }: WireEvent): string {
  const named = Object.entries(fields).filter(([, value]) => value !== undefined);
  const time = new Date(t).toTimeString().slice(0, 8);
  return [time, type, ...named.map(([name, value]) => `${name}=${String(value)}`)].join(' ');
}

/** What may be recorded, and if nothing, why. `active`: whether anything is. */
export function consentText(consent: Consent, active: boolean, options: Options): string {
  const { globalPrivacyControl, doNotTrack } = navigator as { globalPrivacyControl?: boolean; doNotTrack?: string };
  if (active)
    return consent === 'granted'
      ? 'granted: the queue is kept on the device'
      : `${consent}: in memory only, no client id`;
  if (globalPrivacyControl && !options.ignoreGpc)
    return 'nothing is recorded: this browser sends Global Privacy Control (data-tacit-ignore-gpc counts it all the same)';
  if (doNotTrack === '1' && options.honourDnt) return 'nothing is recorded: this browser sends Do Not Track';
  return 'denied: nothing is recorded';
}

/** All counters, the largest first. */
export function countsText(counts: Counts, queued: number): string {
  const sorted = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return [['queued', queued] as const, ...sorted].map(([name, n]) => `${name} ${n}`).join(' · ');
}
