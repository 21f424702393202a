// What is kept and posted, and by whose leave. In: options, and what was observed. Out: events on their way.
import type { Identity } from './consent.js';
import { createIdentity } from './consent.js';
import { guard } from './guard.js';
import { takeLeft } from './left.js';
import type { Options } from './options.js';
import type { Queue } from './queue.js';
import { createQueue } from './queue.js';
import type { Sender } from './sender.js';
import { createSender } from './sender.js';
import { openStore } from './store.js';
import type { Tracker } from './tracker.js';
import { createTracker } from './tracker.js';
import type { Consent } from './wire.js';

export interface Outbox {
  tracker: Tracker;
  sender: Sender;
  queue: Queue;
  identity: Identity;
  decide(consent: Consent): void;
}

export function createOutbox(options: Options): Outbox {
  const identity = createIdentity(options);
  const queue = createQueue();
  const sender = createSender(queue);
  const tracker = createTracker(identity, (row) => {
    queue.add(row);
    sender.wake();
  });

  /** Makes what is kept on the device agree with the consent. */
  const apply = guard(() => {
    sender.wake();
    const kept = queue.isKept();
    if (!identity.keeps()) {
      if (kept || !identity.active()) {
        queue.purge();
        takeLeft();
      }
    } else if (!kept) {
      queue.keepIn(openStore());
      takeLeft().forEach(queue.add);
    }
  });

  apply();
  return {
    tracker,
    sender,
    queue,
    identity,
    decide(consent) {
      identity.decide(consent);
      apply();
    },
  };
}
