// Events that must be dropped, one kind per reason that a server key can meet. Each has a generation of its own, so that it
// never touches a true one. Pure.
import type { DropReason } from '../../shared/contract/drop-reasons.js';
import { uuidV7 } from '../../shared/contract/ids.js';
import { ATTRIBUTES_MAX } from '../../shared/contract/limits.js';
import type { Prng } from './prng.js';

const DAY_MS = 86_400_000;

/** What a token says that is not as it should be. */
export interface BadToken {
  readonly generationId: string;
  readonly generatedAt: number;
  readonly exp?: number;
}

export interface BadEvent {
  readonly reason: DropReason;
  readonly event: unknown;
  /** Id and entry of its generation in the batch. `sign` makes a token that is genuine apart from what it says. */
  readonly generation?: { readonly id: string; entry(sign: (token: BadToken) => string): unknown };
}

type Maker = (prng: Prng, id: string, t: number) => Omit<BadEvent, 'reason'>;

const event = (id: string, t: number, g: string, more: object = {}) => ({
  id,
  t,
  g,
  type: 'copy',
  chars: 80,
  of: 400,
  method: 'keyboard',
  ...more,
});
const opaque = (prng: Prng, t: number) => `bad:${uuidV7(t, prng.bytes(10))}`;

const MAKERS: Readonly<Partial<Record<DropReason, Maker>>> = {
  not_an_object: (prng) => ({ event: prng.pick([null, 42, 'copy', [1]]) }),
  invalid_id: (prng, id, t) => ({ event: event(id.slice(0, 20), t, uuidV7(t, prng.bytes(10))) }),
  unknown_type: (prng, id, t) => ({ event: event(id, t, uuidV7(t, prng.bytes(10)), { type: 'applaud' }) }),
  invalid_field: (prng, id, t) => ({
    event: event(id, t, uuidV7(t, prng.bytes(10)), prng.pick([{ chars: 401 }, { of: -1 }, { method: 'magic' }])),
  }),
  invalid_generation_id: (prng, id, t) => ({ event: event(id, t, prng.pick(['', '   ', 'x'.repeat(129), 'a\0b'])) }),
  missing_generated_at: (prng, id, t) => ({ event: event(id, t, opaque(prng, t)) }),
  too_old: (prng, id, t) => withEntry(id, t, opaque(prng, t), { generatedAt: t - 400 * DAY_MS }),
  too_new: (prng, id, t) => withEntry(id, t, opaque(prng, t), { generatedAt: t + 400 * DAY_MS }),
  token_invalid: (prng, id, t) => {
    const g = uuidV7(t, prng.bytes(10));
    const forge = (token: string) => `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    return {
      event: event(id, t, g),
      generation: { id: g, entry: (sign) => ({ token: forge(sign({ generationId: g, generatedAt: t })) }) },
    };
  },
  token_expired: (prng, id, t) => {
    const g = uuidV7(t, prng.bytes(10));
    const generatedAt = t;
    return {
      event: event(id, t, g),
      generation: { id: g, entry: (sign) => ({ token: sign({ generationId: g, generatedAt, exp: t - 1 }) }) },
    };
  },
  token_mismatch: (prng, id, t) => {
    const g = uuidV7(t, prng.bytes(10));
    const other = uuidV7(t, prng.bytes(10));
    return {
      event: event(id, t, g),
      generation: { id: g, entry: (sign) => ({ token: sign({ generationId: other, generatedAt: t }) }) },
    };
  },
  too_many_attributes: (prng, id, t) => {
    const names = Array.from({ length: ATTRIBUTES_MAX + 1 }, (_, i) => [`a${i}`, '1']);
    return { event: event(id, t, uuidV7(t, prng.bytes(10)), { attributes: Object.fromEntries(names) as unknown }) };
  },
};

export const BAD_REASONS = Object.keys(MAKERS) as readonly DropReason[];

/** `count` bad events in turn through all reasons, at times between `from` and `now`, ms since the epoch. */
export function makeBadEvents(prng: Prng, count: number, from: number, now: number): readonly BadEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const reason = BAD_REASONS[index % BAD_REASONS.length] ?? 'not_an_object';
    const t = from + prng.int(now - from);
    const made = MAKERS[reason]?.(prng, uuidV7(t, prng.bytes(10)), t);
    return { reason, event: null, ...made };
  });
}

function withEntry(id: string, t: number, g: string, entry: object): Omit<BadEvent, 'reason'> {
  return { event: event(id, t, g), generation: { id: g, entry: () => entry } };
}
