// Who acts, and what may be kept about it. Without consent nothing is written to the device and there is no client id;
// when it is denied, or the browser sends Global Privacy Control, nothing is recorded at all.
import { guard } from './guard.js';
import { uuid7 } from './ids.js';
import type { Options } from './options.js';
import type { Consent, Envelope } from './wire.js';

export interface Identity {
  /** Whether anything may be recorded. */
  active(): boolean;
  /** Whether events may be kept on the device. */
  keeps(): boolean;
  envelope(): Envelope;
  identify: (user: string | null) => void;
  decide(consent: Consent): void;
}

const CLIENT = 'tacit.client';

interface PrivacySignals {
  globalPrivacyControl?: boolean;
  doNotTrack?: string | null;
}

/** The anonymous id of this browser. Storage may be refused; then it lives as long as the page. */
function clientId(): string {
  const id = localStorage.getItem(CLIENT) ?? uuid7();
  localStorage.setItem(CLIENT, id);
  return id;
}

export function createIdentity(options: Options): Identity {
  const { globalPrivacyControl, doNotTrack } = navigator as PrivacySignals;
  const refused = (globalPrivacyControl && !options.ignoreGpc) || (doNotTrack === '1' && options.honourDnt);
  const sessionId = uuid7();
  let consent: Consent = options.consent ?? 'pending';
  let userId: string | null | undefined = options.user;
  const keeps = (): boolean => !refused && consent === 'granted';
  let envelope = make();

  function make(): Envelope {
    return {
      endpoint: options.endpoint.replace(/\/+$/, ''),
      key: options.key,
      consent,
      surface: options.surface ?? 'web',
      sessionId,
      clientId: keeps() ? guard(clientId)() : undefined,
      userId: userId ?? undefined,
      attributes: options.attributes,
    };
  }

  return {
    active: () => !refused && consent !== 'denied',
    keeps,
    envelope: () => envelope,
    identify(user) {
      userId = user;
      envelope = make();
    },
    decide(next) {
      consent = next;
      if (next === 'denied') guard(() => localStorage.removeItem(CLIENT))();
      envelope = make();
    },
  };
}
