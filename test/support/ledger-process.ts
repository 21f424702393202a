// A client in a process of its own that posts batches and remembers what the collector answered: the ids it acknowledged and the
// events it dropped, by reason. Every third batch has bad events, every fourth is sent again. Messages: LedgerOrder in,
// LedgerReport out. An id counts only after the whole answer was read. Shares no code with the product.
import { randomUUID } from 'node:crypto';

export interface LedgerOrder {
  readonly collector: string;
  readonly key: string;
  readonly batches: number;
}

export interface LedgerReport {
  readonly acknowledged: readonly string[];
  readonly dropped: Readonly<Record<string, number>>;
  readonly sentTwice: number;
  readonly failure?: string;
}

interface Answer {
  readonly accepted: number;
  readonly dropped: readonly { readonly reason: string }[];
}

const acknowledged: string[] = [];
const dropped: Record<string, number> = {};
let sentTwice = 0;
let number = 0;

async function post(order: LedgerOrder, batch: Record<string, unknown>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${order.collector}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${order.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...batch, sentAt: Date.now() }),
    });
    const text = await response.text();
    if (response.status === 202) return JSON.parse(text) as Answer;
    if (response.status !== 503 || attempt > 50) throw new Error(`answered ${response.status}: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function makeBatch(withBadEvents: boolean): { batch: Record<string, unknown>; ids: string[]; bad: number } {
  const now = Date.now();
  const generations: Record<string, unknown> = {};
  const events: unknown[] = [];
  const ids: string[] = [];
  for (let i = 0; i < 20; i += 1) {
    const g = `ledger-${process.pid}-${number}-${i}`;
    generations[g] = { promptId: 'p', promptVersion: '1', model: 'm', modelVersion: '1', generatedAt: now - 5000 };
    for (const event of [
      { type: 'shown', visibleMs: 900 },
      { type: 'copy', chars: 300, of: 400, method: 'button' },
    ]) {
      const id = randomUUID();
      ids.push(id);
      events.push({ id, t: now - 1000, g, ...event });
    }
  }
  const g = Object.keys(generations)[0];
  // Each differs from batch to batch: equal ones without an id are the same drop.
  const bad = withBadEvents
    ? [
        [process.pid, number],
        { id: 'no-uuid', t: now, type: 'copy', g },
        { id: randomUUID(), t: now, type: 'dance', g },
        { id: randomUUID(), t: now, type: 'sing', g },
      ]
    : [];
  events.splice(7, 0, ...bad);
  return { batch: { sdk: 'ledger/1', userId: `u${number}`, generations, events }, ids, bad: bad.length };
}

async function obey(order: LedgerOrder): Promise<void> {
  for (let i = 0; i < order.batches; i += 1) {
    number += 1;
    const { batch, ids, bad } = makeBatch(number % 3 === 0);
    const answer = await post(order, batch);
    if (answer.accepted !== ids.length || answer.dropped.length !== bad) throw new Error(JSON.stringify(answer));
    acknowledged.push(...ids);
    for (const { reason } of answer.dropped) dropped[reason] = (dropped[reason] ?? 0) + 1;
    if (number % 4 !== 0) continue;
    sentTwice += 1;
    const again = await post(order, batch);
    if (JSON.stringify(again) !== JSON.stringify(answer)) throw new Error('the same batch was answered otherwise');
  }
}

process.on('message', (order: LedgerOrder) => {
  void obey(order).then(
    () => process.send?.({ acknowledged, dropped, sentTwice } satisfies LedgerReport),
    (error: unknown) =>
      process.send?.({ acknowledged, dropped, sentTwice, failure: String(error) } satisfies LedgerReport),
  );
});
process.once('disconnect', () => process.exit(0));
