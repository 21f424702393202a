// A report as one object: what is stored, what JSON targets get, and what HTML, Markdown and messages are drawn from.
// Schema and types only. Must hold no person, no text of a generation and no secret.
import { z } from 'zod';
import { cell, count, day, instant, interval, name, sentence, share } from './report-fields.js';
import { standingSchema } from './standing.js';

/** Whether something deserves attention: `worse` and `fallen` are bad news, `better` good news. */
const tone = z.enum(['worse', 'fallen', 'better', 'neutral']);

const outcomes = {
  mature: count.describe('Mature generations: the denominator of every rate.'),
  persons: count.describe('Persons behind them: a user, else an anonymous client, else a session.'),
  sessionPersons: count.describe('Of the persons, known by their session alone.'),
  accepted: count.describe('Of the mature ones.'),
  edited: count.describe('Of the mature ones.'),
  rejected: count.describe('Of the mature ones.'),
  ignored: count.describe('Of the mature ones.'),
  shown: count.describe('Shown so far, mature or not.'),
  unresolved: count.describe('Of the shown ones, still open.'),
};

export const reportRateSchema = z.object({
  ...cell,
  ...interval,
  ...outcomes,
  editWeighted: share.nullable().describe('Sum of similarity of accepted and edited / mature.'),
  personRate: share.nullable().describe('Mean over persons of each one’s own rate.'),
  designEffect: z.number().nonnegative().nullable(),
});
export type ReportRate = z.infer<typeof reportRateSchema>;

export const trendDaySchema = z.object({
  day,
  ...interval,
  mature: count,
  persons: count,
  shown: count,
  unresolved: count,
  final: z.boolean().describe('W + L have passed since its end: nothing of it changes any more.'),
});
export type TrendDay = z.infer<typeof trendDaySchema>;

export const deploymentSchema = z.object({
  day,
  name: name.describe('What went live, such as "version 8" or "model gpt-x 2026-10".'),
});
export type DeploymentMark = z.infer<typeof deploymentSchema>;

export const trendSchema = z.object({
  promptId: name.describe('Empty: the whole project.'),
  metricVersion: name,
  days: z.array(trendDaySchema),
  deployments: z.array(deploymentSchema).describe('The newest.'),
  earlierDeployments: count
    .optional()
    .describe('How many more went live in the window before those; absent in reports that did not count them.'),
});
export type Trend = z.infer<typeof trendSchema>;

/** Generations per bucket, in the order in which they are printed. */
const bucketSchema = z.object({ bucket: name, label: name.describe('The bucket in words.'), generations: count });
export type ReportBucket = z.infer<typeof bucketSchema>;

export const rejectedPromptSchema = z.object({
  promptId: name,
  mature: count,
  persons: count,
  rejected: count,
  rate: share.describe('rejected / mature, as counted. Never rank by it.'),
  shrunk: share.describe(
    'Drawn towards the mean of all prompts (beta-binomial by moments, effective n): ranked by this.',
  ),
  low: share.nullable().describe('95 % credible interval of the shrunk rate.'),
  high: share.nullable(),
  reasons: z.array(bucketSchema),
});
export type RejectedPrompt = z.infer<typeof rejectedPromptSchema>;

export const qualitySchema = z.object({
  newestEvent: instant.nullable().describe('When the newest event was stored.'),
  rolledUp: instant
    .nullable()
    .describe(
      'Oldest instant at which a day of the window that can still change was judged; the newest when none can.',
    ),
  shown: count,
  mature: count,
  late: count.describe('Mature generations with something that came after their outcome was final.'),
  orphans: count.describe('Acted on without being shown: measures lost events.'),
  forced: count.describe('Shown only by force, by an action that came before they had been visible long enough.'),
  clockSuspects: count.describe('Shown generations with an event of an impossible clock.'),
  notShown: count,
  unresolved: count,
  persons: count.describe('Summed over the rows of totals: who appears in several counts in each.'),
  sessionPersons: count,
  drops: z.array(z.object({ reason: name, events: count })).describe('Events refused in the window, by reason.'),
  deadLetters: count.describe('Events that could not be stored and wait to be replayed.'),
  warnings: z.array(sentence).describe('What of this should make one doubt the figures.'),
});
export type ReportQuality = z.infer<typeof qualitySchema>;

export const reportSchema = z.object({
  version: z.literal(1).describe('Of this format. New fields may come; none goes or changes its meaning.'),
  id: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .describe('Of report, project, slot and edition: also the Idempotency-Key.'),
  report: z.object({ id: name, title: name, timeZone: name.describe('Of its schedule and of times in words.') }),
  project: z.object({ id: name, name }),
  slot: instant.describe('Scheduled instant.'),
  edition: z.int().min(1).describe('1, and more for one that was computed again.'),
  madeAt: instant,
  window: z.object({ from: day, to: day.describe('Not included.'), days: z.int().min(1) }).describe('Whole UTC days.'),
  prompts: z.array(name).describe('What it is limited to; empty: all.'),
  asOf: instant.nullable().describe('Newest instant at which outcomes were judged; null without any.'),
  metricVersions: z.array(name),
  rule: sentence.describe('W and L in words.'),
  link: z.url().nullable().describe('The page that answers the next question.'),
  notes: z.array(sentence).describe('What limits all of it: no data, one person, nothing mature yet.'),
  headline: z
    .array(
      z.object({
        tone,
        sentence: sentence.describe('Names its prompt.'),
        promptId: name,
        comparisonId: name.nullable(),
        n: count.nullable().describe('Generations that it rests on; null where it sums up several or none.'),
        persons: count.nullable(),
      }),
    )
    .describe(
      'One sentence per verdict and per fall, what asks for action first. Never empty: it says so when nothing is known.',
    ),
  totals: z
    .array(reportRateSchema)
    .describe(
      'The whole project, one row per metric version. Of a report that is limited to prompts, one row per prompt and metric version: persons appear in several, so that they do not add up.',
    ),
  rates: z
    .object({ rows: z.array(reportRateSchema), total: count })
    .nullable()
    .describe('Prompt version x model version.'),
  trend: z.array(trendSchema).nullable(),
  changes: z
    .object({
      since: instant.nullable().describe('Slot of the report before; null when there is none.'),
      items: z.array(z.object({ tone, sentence })),
    })
    .nullable(),
  rejected: z
    .object({
      prompts: z.array(rejectedPromptSchema).describe('Most rejected first.'),
      mean: share.nullable().describe('Of all prompts that are ranked, rejected / mature.'),
      metricVersion: name.describe('Settings of all rows: prompts are ranked among those that are measured alike.'),
      notes: z.array(sentence).describe('What the ranking leaves out, or why there is none.'),
    })
    .nullable(),
  edits: z
    .object({
      edited: count,
      taken: count.describe('Mature accepted and edited ones.'),
      mature: count,
      meanSimilarity: share.nullable(),
      sizes: z.array(bucketSchema),
      retention: z.array(
        z.object({
          after: name,
          measured: count.describe('Mature ones with a measurement so long after they were taken.'),
          retained: count.describe('Of them, with a similarity of at least 0.67.'),
          ofMature: share.nullable().describe('retained / mature: unconditional.'),
          ofMeasured: share.nullable().describe('retained / measured: conditional on being taken and measured.'),
          coverage: share.nullable().describe('measured / taken: what the conditional one rests on.'),
        }),
      ),
    })
    .nullable(),
  ignores: z.object({ ignored: count, reasons: z.array(bucketSchema) }).nullable(),
  decisions: z
    .object({
      decided: count,
      medianS: z
        .number()
        .nonnegative()
        .nullable()
        .describe('Seconds, interpolated within its bucket; null without decisions, and beyond the last bucket.'),
      p90S: z.number().nonnegative().nullable(),
      times: z.array(bucketSchema),
    })
    .nullable(),
  ratings: z
    .object({
      rated: count,
      shown: count,
      labels: z.array(bucketSchema),
    })
    .nullable()
    .describe('Explicit feedback, beside the rest and never mixed with it.'),
  quality: qualitySchema.nullable(),
  standing: standingSchema.describe('What the next report is compared with. Not printed.'),
  method: z.array(sentence).length(2),
});
export type Report = z.infer<typeof reportSchema>;

/** JSON Schema (draft 2020-12) of a report. */
export function reportJsonSchema(): object {
  return { title: 'Tacit report', ...z.toJSONSchema(reportSchema, { io: 'input' }) };
}
