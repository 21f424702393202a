// Posts wire batches to a collector, some at once, and adds up its answers. In: batches, an address, a key for each. Out: the sums.
import type { WireBatch } from './wire-events.js';

const LANES = 4;

export interface WireTally {
  readonly accepted: number;
  /** By reason. */
  readonly dropped: ReadonlyMap<string, number>;
}

/** Each batch is posted once. Rejects when one is not answered with 202. */
export async function sendWire(
  batches: readonly WireBatch[],
  collector: string,
  keyFor: (batch: WireBatch) => string,
): Promise<WireTally> {
  let accepted = 0;
  const dropped = new Map<string, number>();
  const waiting = [...batches];
  const lane = async (): Promise<void> => {
    for (let batch = waiting.pop(); batch !== undefined; batch = waiting.pop()) {
      const answer = await post(batch, collector, keyFor(batch));
      accepted += answer.accepted;
      for (const { reason } of answer.dropped) dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { accepted, dropped };
}

async function post(
  { body, clockBehindMs }: WireBatch,
  collector: string,
  key: string,
): Promise<{ accepted: number; dropped: { reason: string }[] }> {
  const response = await fetch(`${collector}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, sentAt: Date.now() - clockBehindMs }),
  });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`answered ${response.status}: ${text}`);
  return JSON.parse(text) as { accepted: number; dropped: { reason: string }[] };
}
