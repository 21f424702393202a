// Turns a parcel into the body of a request: who sends it, what its generations are (signed, where their product signs), its
// events with the bad ones among them.
import { signGeneration } from '../../services/beacon/server.js';
import type { BadToken } from './bad-events.js';
import type { Generation } from './generations.js';
import type { Parcel } from './parcels.js';
import type { Person, Population } from './population.js';

export interface BatchMaker {
  /** The batch without `sentAt`, which belongs to the attempt. */
  readonly batchOf: (parcel: Parcel) => Record<string, unknown>;
}

export function createBatchMaker(
  population: Population,
  generations: readonly Generation[],
  signingSecret: string,
): BatchMaker {
  const byId = new Map(generations.map((generation) => [generation.id, generation]));
  const entries = new Map<string, unknown>();

  const entryOf = (id: string): unknown => {
    let entry = entries.get(id);
    if (entry === undefined) {
      const generation = byId.get(id);
      if (generation === undefined) throw new Error('an event names a generation that was not made');
      entry = makeEntry(population, generation, signingSecret);
      entries.set(id, entry);
    }
    return entry;
  };

  const signBad = (token: BadToken): string =>
    signGeneration({ ...token, promptId: 'bad', promptVersion: '1', model: 'bad', modelVersion: '1' }, signingSecret);

  return {
    batchOf({ person, events, bad }) {
      const own = new Map<string, unknown>(events.map(({ g }) => [g, entryOf(g)]));
      for (const { generation } of bad) if (generation) own.set(generation.id, generation.entry(signBad));
      return {
        sdk: 'tacit-demo-traffic/1.0.0',
        surface: 'web',
        backfill: true,
        ...identityOf(population.persons[person]),
        generations: Object.fromEntries(own),
        events: [...events, ...bad.map(({ event }) => event)],
      };
    },
  };
}

function identityOf(person: Person | undefined): Record<string, string> {
  if (person === undefined) return {};
  return person.kind === 'user' ? { userId: person.id } : { clientId: person.id };
}

function makeEntry(population: Population, generation: Generation, signingSecret: string): unknown {
  const cell = population.cells[generation.cell];
  const person = population.persons[generation.person];
  if (cell === undefined || person === undefined) throw new Error('a generation is of no cell or person');
  const { promptId, promptVersion, model, modelVersion } = cell;
  const dimensions = {
    promptId,
    promptVersion,
    model,
    modelVersion,
    experiment: {
      id: `${promptId}-versions`,
      arm: `prompt ${promptVersion}, ${model} ${modelVersion}`,
      assignment: 'randomised:user',
    },
  } as const;
  const { id: generationId, generatedAt } = generation;
  if (!cell.signed) return { ...dimensions, generatedAt };
  const user = person.kind === 'user' ? { user: person.id } : {};
  return { token: signGeneration({ generationId, generatedAt, ...dimensions, ...user }, signingSecret) };
}
