// Steps about the generation of an event: what is known of it, whether it is believed, and whether its time can be taken.
import { knownGeneration } from '../known-generation.js';
import { judgeGeneratedAt } from '../times.js';
import type { Step } from './draft.js';

export const putGeneration: Step = {
  name: 'put_generation',
  run(draft, batch) {
    const id = draft.event.g;
    let known = batch.known.get(id);
    if (known === undefined) {
      known = knownGeneration(id, batch);
      batch.known.set(id, known);
    }
    draft.generation = known;
  },
};

/** A bad entry, or a token that is invalid or belongs elsewhere. */
export const dropRefusedGeneration: Step = {
  name: 'drop_refused_generation',
  run(draft) {
    const { refused } = draft.generation;
    if (refused !== undefined) draft.drop(refused.reason, refused.field);
  },
};

export const dropTokenMissing: Step = {
  name: 'drop_token_missing',
  run(draft, batch) {
    if (batch.keyed.project.requireToken && !draft.generation.trusted) draft.drop('token_required');
  },
};

/** Without a time a generation has no key; with an impossible one it would have one of its own. */
export const dropBadGeneratedAt: Step = {
  name: 'drop_bad_generated_at',
  run(draft, batch) {
    const { generatedAt } = draft.generation;
    const reason = generatedAt === undefined ? 'missing_generated_at' : judgeGeneratedAt(generatedAt, batch);
    if (reason !== undefined) draft.drop(reason);
  },
};
