// What a load sends: generations with a known outcome each, seeded. Shares no code with the product.
import { createHash } from 'node:crypto';

/** What was done with a generation; `ignored` stands for nothing. */
export type PlannedOutcome = 'accepted' | 'edited' | 'rejected' | 'ignored';

export interface PlannedGeneration {
  readonly generationId: string;
  readonly outcome: PlannedOutcome;
  readonly eventIds: readonly string[];
}

export interface PlannedBatch {
  readonly body: Record<string, unknown>;
  readonly generations: readonly PlannedGeneration[];
}

const OUTCOMES: readonly PlannedOutcome[] = ['accepted', 'edited', 'rejected', 'ignored'];

/** A UUID that depends on nothing but its name. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Batch `index` of a load: `generations` generations of one person, each generated, shown, and perhaps acted on, at `now` ms. */
export function planBatch(seed: number, index: number, generations: number, now: number): PlannedBatch {
  const entries: Record<string, unknown> = {};
  const events: Record<string, unknown>[] = [];
  const planned: PlannedGeneration[] = [];
  for (let n = 0; n < generations; n += 1) {
    const generationId = `load-${seed}-${index}-${n}`;
    const outcome = OUTCOMES[createHash('md5').update(generationId).digest()[0]! % OUTCOMES.length]!;
    const version = String(((index + n) % 3) + 1);
    entries[generationId] = {
      promptId: 'load',
      promptVersion: version,
      model: 'model',
      modelVersion: 'a',
      generatedAt: now - 2000,
      length: 400,
    };
    const event = (kind: string, fields: Record<string, unknown>): void => {
      events.push({ id: uuidOf(`${generationId} ${kind}`), g: generationId, t: now - 500, type: kind, ...fields });
    };
    const first = events.length;
    event('generated', {});
    event('shown', { visibleMs: 900, t: now - 1500 });
    if (outcome === 'accepted') event('accept', { method: 'apply' });
    if (outcome === 'edited') event('edit', { similarity: 0.7, distance: 120, from: 400, to: 380, by: 'submit' });
    if (outcome === 'rejected') event('reject', { reason: 'dismissed' });
    planned.push({ generationId, outcome, eventIds: events.slice(first).map((entry) => String(entry['id'])) });
  }
  return {
    body: { sdk: 'load/1.0.0', userId: `person-${index % 50}`, surface: 'web', generations: entries, events },
    generations: planned,
  };
}
