// Steps about when the person acted.
import { occurredAt } from '../times.js';
import type { Step } from './draft.js';

export const putOccurredAt: Step = {
  name: 'put_occurred_at',
  run(draft, batch) {
    const { at, suspect } = occurredAt(draft.event.t, batch);
    draft.occurredAt = at;
    draft.clockSuspect = suspect;
  },
};

/** By the event's time, so that an event queued offline outlives its token; by our clock when the client's was impossible. */
export const dropTokenExpired: Step = {
  name: 'drop_token_expired',
  run(draft, batch) {
    const { expiresAt } = draft.generation;
    const at = draft.clockSuspect ? batch.receivedAt : draft.occurredAt;
    if (expiresAt !== undefined && at > expiresAt) draft.drop('token_expired');
  },
};
