// What an alert says: the JSON that webhooks get, which the ledger keeps and all other messages are drawn from.
// In: an event found in the views. Out: an alert with a stable id. Must hold no person, no text and no secret.
import { createHash } from 'node:crypto';
import { z } from 'zod';

const name = z.string().max(1000);
const day = z.iso.date();
const share = z.number().min(0).max(1);
const count = z.int().nonnegative();

const common = {
  version: z.literal(1).describe('Of this format. New fields may come; none goes or changes its meaning.'),
  id: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .describe('The same for every attempt and every target: also the Idempotency-Key.'),
  project: name,
  prompt: name.describe('Empty when it goes across prompts.'),
  surface: name.describe('Empty when it goes across surfaces.'),
  since: day.describe('UTC day since which it holds.'),
  sentence: z.string().max(4000).describe('What happened, in plain English.'),
  n: count.describe('Generations that the figures rest on.'),
  persons: count.describe('Persons who made them: a user, else an anonymous client, else a session.'),
  metricVersion: name.describe('Settings by which outcomes were decided.'),
  asOf: z.iso.datetime().describe('When the figures were computed.'),
  link: z.url().describe('The page that shows it.'),
};

const interval = z.object({
  low: z.number().min(-1).max(1),
  high: z.number().min(-1).max(1),
  level: share.describe('Confidence, such as 0.95.'),
});

export const worseSchema = z.object({
  kind: z.literal('worse').describe('In a randomised comparison B is accepted less often than A.'),
  ...common,
  interval: interval.describe('Of the difference; valid however often it is looked at.'),
  comparison: z.object({
    id: z.string().max(1000),
    a: name,
    b: name.describe('The newer one, or the challenger.'),
    difference: z
      .number()
      .min(-1)
      .max(1)
      .describe('Acceptance rate of B minus that of A, stratified; -0.048 is −4.8 points.'),
    rateA: share,
    rateB: share,
    nA: count,
    nB: count,
    personsA: count,
    personsB: count,
  }),
});

export const fallenSchema = z.object({
  kind: z.literal('fallen').describe('An acceptance rate has fallen below its own earlier level. Not a comparison.'),
  ...common,
  interval: interval.describe('Of the rate.'),
  drift: z.object({
    watch: z.string().max(1000),
    promptVersion: name.describe('Empty when it goes across versions.'),
    rate: share,
    baseline: share.describe('What it was before.'),
    deployment: name.describe('What went live then, such as "version 8"; empty when nothing is known to.'),
    deployedOn: day.nullable(),
  }),
});

export const alertSchema = z.discriminatedUnion('kind', [worseSchema, fallenSchema]);
export type Alert = z.infer<typeof alertSchema>;

/** An alert, and the UTC day on which it was first so: what is older than a few days is no news. */
export interface AlertEvent {
  readonly firedOn: string;
  readonly alert: Alert;
}

/** JSON Schema (draft 2020-12) of what a webhook gets. */
export function alertJsonSchema(): object {
  return { title: 'Tacit alert', ...z.toJSONSchema(alertSchema, { io: 'input' }) };
}

/** `subject`: id of the comparison or of the watch. One event keeps one id, whatever its figures become. */
export function alertId(kind: Alert['kind'], project: string, subject: string, since: string): string {
  const text = JSON.stringify([kind, project, subject, since]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The page of a comparison. */
export function comparisonLink(publicUrl: string, project: string, comparison: string): string {
  return link(publicUrl, 'comparison', { project, id: comparison });
}

/** Where the page of a prompt, or the overview, says what has fallen. */
export function fallLink(publicUrl: string, project: string, prompt: string): string {
  if (prompt === '') return `${link(publicUrl, '', { project })}#findings`;
  return `${link(publicUrl, 'prompt', { project, prompt })}#drift`;
}

function link(publicUrl: string, path: string, query: Readonly<Record<string, string>>): string {
  return `${publicUrl.replace(/[/?#]+$/, '')}/${path}?${new URLSearchParams(query).toString()}`;
}
