// The kinds of values that a report is made of. Zod schemas only.
import { z } from 'zod';

export const SENTENCE_CHARS_MAX = 4000;

export const name = z.string().max(1000);
export const day = z.iso.date();
export const instant = z.iso.datetime();
export const count = z.int().nonnegative();
export const share = z.number().min(0).max(1);
/** Plain English, complete: it is printed as it is. */
export const sentence = z.string().max(SENTENCE_CHARS_MAX);

export const interval = {
  rate: share.nullable().describe('(accepted + edited) / mature; null while nothing is mature.'),
  low: share.nullable().describe('95 % interval, clustered by person; null with fewer than two persons.'),
  high: share.nullable(),
};

/** What a rate is of. */
export const cell = {
  promptId: name,
  promptVersion: name,
  model: name,
  modelVersion: name,
  metricVersion: name.describe('Settings by which outcomes were decided; rates of different ones are never compared.'),
};
