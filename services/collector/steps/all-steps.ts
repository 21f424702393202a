// The path of an event from JSON to row, in order. Read aloud, this is what the collector does with each event.
import type { Step } from './draft.js';
import { dropBadGeneratedAt, dropRefusedGeneration, dropTokenMissing, putGeneration } from './generation.js';
import { dropTokenExpired, putOccurredAt } from './occurred-at.js';
import { dropMalformed, dropNotAllowed, dropOptedOut } from './reading.js';
import { dropBadAttributes, dropRowTooLarge, putAttributes, putRepeated, putRow } from './row.js';

export const ALL_STEPS: readonly Step[] = [
  dropOptedOut,
  dropMalformed,
  dropNotAllowed,
  putGeneration,
  dropRefusedGeneration,
  dropTokenMissing,
  dropBadGeneratedAt,
  putOccurredAt,
  dropTokenExpired,
  dropBadAttributes,
  putAttributes,
  putRow,
  dropRowTooLarge,
  putRepeated,
];
