// An event of the synthetic traffic as it goes over the wire, and how its id is made.
import type { BeaconEvent } from '../../shared/contract/events.js';
import { uuidV7 } from '../../shared/contract/ids.js';
import type { Prng } from './prng.js';

export type WireEvent = BeaconEvent;

type Unplaced<E> = E extends unknown ? Omit<E, 'id' | 'g' | 't' | 'attributes'> : never;

/** What happened, without id, generation and time. */
export type Action = Unplaced<WireEvent>;

/** An event at `t`, ms since the epoch, with an id that depends on the seed alone. */
export function makeEvent(prng: Prng, generationId: string, t: number, action: Action): WireEvent {
  return { id: uuidV7(t, prng.bytes(10)), g: generationId, t, ...action };
}
