// Where things stand when a report is made, short: what the next report is compared with. It is the same whatever sections a
// report has. Zod schema and types only.
import { z } from 'zod';
import { cell, count, day, interval, name } from './report-fields.js';

export const standingRateSchema = z.object({ ...cell, ...interval, mature: count, persons: count, shown: count });
export type StandingRate = z.infer<typeof standingRateSchema>;

export const standingComparisonSchema = z.object({
  id: name,
  subject: name.describe('Both sides, with the prompt and surface.'),
  verdict: name,
  direction: name.describe('worse or better once it was flagged, else empty.'),
  randomised: z.boolean().describe('Only then worse and better are said.'),
});
export type StandingComparison = z.infer<typeof standingComparisonSchema>;

export const standingFallSchema = z.object({ id: name, subject: name, since: day.nullable() });

export const standingSchema = z.object({
  rates: z.array(standingRateSchema).describe('Prompt version x model version, those with the most generations.'),
  ratesTotal: count,
  comparisons: z.array(standingComparisonSchema),
  comparisonsTotal: count,
  falls: z.array(standingFallSchema),
  fallsTotal: count.optional().describe('Absent in reports that held all of them.'),
  warnings: z.array(name).describe('Codes of the warnings of data quality.'),
});
export type Standing = z.infer<typeof standingSchema>;
