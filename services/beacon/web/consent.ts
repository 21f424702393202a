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
  /** Another view of the page: it has a session of its own. */
  renew(): void;
}

const CLIENT = 'tacit.client';

interface PrivacySignals {
  globalPrivacyControl?: boolean;
  doNotTrack?: string | null;
}

/** The anonymous id of this browser. Storage may be refused; then there is none. */
const clientId = guard((): string => {
  const id = localStorage.getItem(CLIENT) ?? uuid7();
  localStorage.setItem(CLIENT, id);
  return id;
});

const forgetClient = guard(() => localStorage.removeItem(CLIENT));

export function createIdentity(options: Options): Identity {
  const { globalPrivacyControl, doNotTrack } = navigator as PrivacySignals;
  const refused = (globalPrivacyControl && !options.ignoreGpc) || (doNotTrack === '1' && options.honourDnt);
  const { endpoint, key, user, surface = 'web', attributes } = options;
  let envelope = { endpoint: endpoint.replace(/\/+$/, ''), key, surface, sessionId: uuid7(), attributes } as Envelope;
  const keeps = (): boolean => envelope.consent === 'granted';

  function set(fields: Partial<Envelope>): void {
    envelope = { ...envelope, ...fields };
  }

  const identity: Identity = {
    active: () => envelope.consent !== 'denied',
    keeps,
    envelope: () => envelope,
    identify: (user) => set({ userId: user || undefined }),
    renew: () => set({ sessionId: uuid7() }),
    decide(consent) {
      set({ consent: refused ? 'denied' : consent });
      if (!identity.active()) forgetClient();
      set({ clientId: keeps() ? clientId() : undefined });
    },
  };
  identity.identify(user ?? null);
  identity.decide(options.consent ?? 'pending');
  return identity;
}
