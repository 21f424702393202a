// What a reports file may say: which reports there are, when they are due, what they hold and where they go.
// Zod schema and types, and the two reports that are made without a file.
import path from 'node:path';
import { z } from 'zod';
import { alertTargetSchema, targetKey } from '../../../shared/contract/alert-targets.js';
import { cronProblem } from './slots.js';

export const REPORTS_MAX = 50;
export const REPORT_TARGETS_MAX = 20;
export const WINDOW_DAYS_MAX = 365;
/** Prompts that a report can be limited to. */
export const REPORT_PROMPTS_MAX = 200;

/** Sections besides the headline, totals and method notes, which every report has. */
export const SECTIONS = [
  'rates',
  'trend',
  'changes',
  'rejected',
  'edits',
  'ignores',
  'decisions',
  'ratings',
  'quality',
] as const;
export type Section = (typeof SECTIONS)[number];

const key = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'must be lower-case letters, digits, - and _');
const word = z.string().min(1).max(200);

/** Writes `<directory>/<project>/<report>/<slot>.<format>`, each file whole or not at all. */
const fileTargetSchema = z.strictObject({
  kind: z.literal('file'),
  name: key,
  /** `reports` in the data directory when it is absent. */
  directory: z
    .string()
    .max(1000)
    .refine((directory) => path.isAbsolute(directory), 'must be an absolute path')
    .optional(),
  formats: z
    .array(z.enum(['html', 'md', 'json']))
    .min(1)
    .default(['html', 'md', 'json']),
});
export const reportTargetSchema = z.discriminatedUnion('kind', [fileTargetSchema, ...alertTargetSchema.options]);
export type ReportTarget = z.infer<typeof reportTargetSchema>;

/** Whether a runtime knows the time zone. */
export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const reportDefinitionSchema = z.strictObject({
  id: key,
  title: word.optional(),
  /** Five fields, or six with seconds first, in `timeZone`; at most one slot an hour. */
  cron: z
    .string()
    .max(200)
    .superRefine((expression, context) => {
      const message = cronProblem(expression);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    }),
  timeZone: z.string().max(100).refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin').default('UTC'),
  /** Whole UTC days before the UTC day of the slot. */
  windowDays: z.int().min(1).max(WINDOW_DAYS_MAX),
  /** Absent: every project. */
  projects: z.array(word).min(1).max(1000).optional(),
  /** Absent: every prompt. */
  prompts: z.array(word).min(1).max(REPORT_PROMPTS_MAX).optional(),
  sections: z.array(z.enum(SECTIONS)).default([...SECTIONS]),
  targets: z
    .array(reportTargetSchema)
    .max(REPORT_TARGETS_MAX)
    .refine((targets) => new Set(targets.map(targetKey)).size === targets.length, 'a name is used twice')
    .default([{ kind: 'file', name: 'files', formats: ['html', 'md', 'json'] }]),
  /** Slots that were missed for longer than this are marked as skipped and not made, hours. */
  catchUpHours: z
    .int()
    .min(0)
    .max(24 * 31)
    .default(72),
});
export type ReportDefinition = z.infer<typeof reportDefinitionSchema>;

export const reportsFileSchema = z.strictObject({
  version: z.literal(1),
  reports: z
    .array(reportDefinitionSchema)
    .max(REPORTS_MAX)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'an id is used twice'),
});

/** Made when there is no reports file. */
export const DEFAULT_REPORTS: readonly ReportDefinition[] = [
  reportDefinitionSchema.parse({ id: 'daily', title: 'Daily quality report', cron: '0 6 * * *', windowDays: 7 }),
  reportDefinitionSchema.parse({ id: 'weekly', title: 'Weekly quality report', cron: '0 6 * * 1', windowDays: 28 }),
];
