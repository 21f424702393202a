// How events travel: who sends what together, in which order, how often. Pure. With `duplicates` as the real world does it,
// without as in a textbook; the set of true events is the same.
import type { BadEvent } from './bad-events.js';
import type { Generation } from './generations.js';
import type { Prng } from './prng.js';
import type { WireEvent } from './wire-event.js';

const EVENTS_PER_PARCEL_MAX = 60;
/** Share of the events that are sent a second time as they are, and with a later time, as clients with a bug do. */
const REPEATED_SHARE = 0.06;
const RETIMED_SHARE = 0.04;
const RETIMED_MS_MAX = 30 * 60_000;
/** Share of the events that arrive after all others. */
const LATE_SHARE = 0.05;
/** Share of the batches that are sent twice, since their answer was lost. */
const RESENT_SHARE = 0.02;

/** What one person's client posts at once. */
export interface Parcel {
  readonly person: number;
  readonly events: readonly WireEvent[];
  readonly bad: readonly BadEvent[];
}

export interface Mail {
  readonly parcels: readonly Parcel[];
  /** Sent when all of `parcels` have arrived. */
  readonly late: readonly Parcel[];
}

interface Posted {
  readonly person: number;
  readonly event: WireEvent;
}

export function makeMail(
  prng: Prng,
  generations: readonly Generation[],
  bad: readonly BadEvent[],
  options: { readonly duplicates: boolean; readonly now: number },
): Mail {
  const posted = generations.flatMap(({ person, events }) => events.map((event) => ({ person, event })));
  if (!options.duplicates) {
    const ordered = [...posted].sort((a, b) => a.event.t - b.event.t);
    return { parcels: withBad(prng, cut(prng, ordered), bad), late: [] };
  }
  const shuffled = prng.shuffled(posted);
  const lateFrom = Math.floor(shuffled.length * (1 - LATE_SHARE));
  const copies = prng.shuffled(shuffled.flatMap((one) => copyOf(prng, one, options.now)));
  // Originals and copies are cut apart: of two copies in one batch only the first would count.
  const parcels = withBad(prng, [...cut(prng, shuffled.slice(0, lateFrom)), ...cut(prng, copies)], bad);
  const resent = parcels.filter(() => prng.chance(RESENT_SHARE));
  return { parcels: prng.shuffled([...parcels, ...resent]), late: cut(prng, shuffled.slice(lateFrom)) };
}

/** A second copy of an event, or none. The first time of an event is its true one, so a copy is never earlier. */
function copyOf(prng: Prng, { person, event }: Posted, now: number): Posted[] {
  const draw = prng.next();
  if (draw < REPEATED_SHARE) return [{ person, event }];
  if (draw >= REPEATED_SHARE + RETIMED_SHARE) return [];
  const t = Math.min(now, event.t + 1 + prng.int(RETIMED_MS_MAX));
  return [{ person, event: { ...event, t } }];
}

/** Cuts each person's events, in the order given, into parcels of 1 to EVENTS_PER_PARCEL_MAX. */
function cut(prng: Prng, posted: readonly Posted[]): Parcel[] {
  const byPerson = new Map<number, WireEvent[]>();
  for (const { person, event } of posted) {
    const events = byPerson.get(person);
    if (events === undefined) byPerson.set(person, [event]);
    else events.push(event);
  }
  const parcels: Parcel[] = [];
  for (const [person, events] of byPerson)
    for (let at = 0; at < events.length;) {
      const size = 1 + prng.int(EVENTS_PER_PARCEL_MAX);
      parcels.push({ person, events: events.slice(at, at + size), bad: [] });
      at += size;
    }
  return parcels;
}

/** Puts each bad event into some parcel beside good ones. */
function withBad(prng: Prng, parcels: readonly Parcel[], bad: readonly BadEvent[]): Parcel[] {
  const added = new Map<number, BadEvent[]>();
  for (const event of bad) {
    const index = prng.int(parcels.length);
    added.set(index, [...(added.get(index) ?? []), event]);
  }
  return parcels.map((parcel, index) => ({ ...parcel, bad: added.get(index) ?? [] }));
}
