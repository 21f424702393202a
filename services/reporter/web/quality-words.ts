// What each sign of doubtful data means and what to do about it, one line each. Text only; what a drop reason means is the
// contract's to say.
import { DROP_REASON_MEANINGS, DROP_REASONS, type DropReason } from '../../../shared/contract/drop-reasons.js';
import type { ShareKey } from '../figures/quality-shares.js';

export interface ShareWords {
  readonly name: string;
  /** What it is a share of. */
  readonly of: string;
  readonly means: string;
  readonly todo: string;
}

export const SHARE_WORDS: Readonly<Record<ShareKey, ShareWords>> = {
  orphans: {
    name: 'Orphans',
    of: 'answers shown or acted on',
    means: 'Acted on without being seen as shown: events are lost, or the beacon does not see the answer.',
    todo: 'Check that the element with the answer is marked, and that nothing blocks the first events of a page.',
  },
  late: {
    name: 'Late',
    of: 'mature answers',
    means: 'Something came after their outcome was final.',
    todo: 'If people work offline for long, give the project more time for late events.',
  },
  clock_suspects: {
    name: 'Doubtful clocks',
    of: 'shown answers',
    means: 'An event’s time was impossible and was put right: outcomes near the end of the window may be wrong.',
    todo: 'Check the clocks of servers and editors that send events; single persons’ clocks do not matter.',
  },
  forced: {
    name: 'Shown by force',
    of: 'shown answers',
    means: 'Acted on before they had been visible long enough, so the action stands for the sight.',
    todo: 'Check that answers are registered when they appear, not when they are used.',
  },
  sessions_only: {
    name: 'Sessions only',
    of: 'persons',
    means: 'Known by their session alone: a person who returns counts twice, and intervals are too narrow.',
    todo: 'Send a user id, or a client id with consent.',
  },
  unresolved: {
    name: 'Unresolved',
    of: 'shown answers',
    means: 'Still open: nothing decided them, and their time is not over. No fault, but no rate counts them yet.',
    todo: 'Wait; with a short period the share is high.',
  },
  never_shown: {
    name: 'Never shown',
    of: 'known answers',
    means: 'Made, but nobody saw them. They are in no rate.',
    todo: 'Expected where answers are made in advance; else check the page that shows them.',
  },
};

/** What to do when events are refused for the reason. */
const DROP_REMEDIES: Readonly<Record<DropReason, string>> = {
  not_an_object: 'Send each event as an object in the list "events".',
  invalid_id: 'Make a UUID once per action and keep it for every attempt.',
  unknown_type: 'Update the beacon, or use a type that the schema of the collector names.',
  invalid_field: 'The answer of the collector names the field; compare it with the schema.',
  invalid_generation_id: 'Use an id of 1 to 128 plain characters for each answer.',
  missing_generated_at: 'Sign the generation, send "generatedAt", or use a UUIDv7 as its id.',
  too_old: 'Nothing, for pages left open for weeks; to load history use a server key and "backfill".',
  too_new: 'Set the clock of the server that makes the generations.',
  token_invalid: 'Sign with the secret of this project, and pass the token on unchanged.',
  token_expired: 'Sign with a later "exp" when people act on answers long after.',
  token_mismatch: 'Sign each generation by itself, with the time at which it was made.',
  token_required: 'Sign generations on your server, or allow unsigned ones in the projects file.',
  not_allowed: 'Send scores and backfill from your server with a server key.',
  too_many_attributes: 'Send at most 32 attributes with an event, those of the batch included.',
  row_too_large: 'Send shorter attributes and names.',
  opted_out: 'Nothing: the project respects the wish.',
};

export interface DropWords {
  readonly means: string;
  readonly todo: string;
}

/** Undefined for a reason that this version does not know. */
export function dropWords(reason: string): DropWords | undefined {
  const known = DROP_REASONS.find((each) => each === reason);
  return known && { means: DROP_REASON_MEANINGS[known], todo: DROP_REMEDIES[known] };
}
