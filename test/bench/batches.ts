// Batches as a beacon posts them: some generations, each generated, shown and then acted on. In: a number, a size, a time.
// Out: the body. The same number gives the same batch; different numbers share no id.
import { createHash } from 'node:crypto';
import { uuidV7 } from '../../shared/contract/ids.js';
import { signGeneration } from '../../services/beacon/server.js';

/** What is done with a generation, in turn. */
const ACTIONS: readonly Readonly<Record<string, unknown>>[] = [
  { type: 'copy', chars: 220, of: 812, method: 'keyboard' },
  { type: 'accept', method: 'apply', chars: 812, of: 812 },
  { type: 'edit', similarity: 0.71, distance: 130, from: 812, to: 790, by: 'submit' },
  { type: 'reject', reason: 'dismissed' },
  { type: 'copy', chars: 812, of: 812, method: 'button', part: 'code' },
  { type: 'ignore', reason: 'left', visibleMs: 4210.5 },
];
const EVENTS_PER_GENERATION = 3;

export interface BatchOrder {
  readonly index: number;
  readonly events: number;
  /** When it is posted, ms since the epoch. */
  readonly now: number;
  /** Signs the generations, as a product's backend does; without it the page names the dimensions. */
  readonly signingSecret?: string | undefined;
}

export interface BenchBatch {
  readonly sentAt: number;
  readonly sdk: string;
  readonly sessionId: string;
  readonly userId: string;
  readonly surface: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly generations: Readonly<Record<string, unknown>>;
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

/** A UUIDv7 that depends on nothing but its name and time. */
function idOf(name: string, timeMs: number): string {
  return uuidV7(timeMs, createHash('md5').update(name).digest().subarray(0, 10));
}

export function benchBatch({ index, events: size, now, signingSecret }: BatchOrder): BenchBatch {
  const generations: Record<string, unknown> = {};
  const events: Record<string, unknown>[] = [];
  for (let n = 0; events.length < size; n += 1) {
    const generatedAt = now - 20_000 - n * 1000;
    const g = idOf(`generation ${index} ${n}`, generatedAt);
    const dimensions = {
      promptId: `prompt-${n % 5}`,
      promptVersion: String(index % 4),
      model: 'model-a',
      modelVersion: '2026-10',
    };
    generations[g] =
      signingSecret === undefined
        ? { ...dimensions, generatedAt, length: 812 }
        : { token: signGeneration({ generationId: g, ...dimensions }, signingSecret), length: 812 };
    const action = ACTIONS[(index + n) % ACTIONS.length] ?? {};
    const stories = [{ type: 'generated', length: 812 }, { type: 'shown', visibleMs: 1530.25 }, action];
    for (const [step, story] of stories.slice(0, Math.min(EVENTS_PER_GENERATION, size - events.length)).entries()) {
      const t = generatedAt + (step + 1) * 1000;
      events.push({ id: idOf(`event ${index} ${n} ${step}`, t), t, g, ...story });
    }
  }
  const session = `session-${index % 500}`;
  return {
    sentAt: now,
    sdk: 'tacit-web/1.0.0',
    sessionId: session,
    userId: `user-${index % 300}`,
    surface: 'web',
    attributes: { locale: 'de' },
    generations,
    events,
  };
}
