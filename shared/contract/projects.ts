// The projects file: who may send, who may read, and how outcomes are decided. Zod schema and types only.
// Secrets stand in it as SHA-256 or as the name of an environment variable where that is possible.
import { z } from 'zod';
import { alertSettingsSchema } from './alert-targets.js';

const name = z.string().min(1).max(200);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex');

/** A secret that must be known in full: by value, or by the name of an environment variable. */
export const secretSchema = z.union([
  z.strictObject({ value: z.string().min(16) }),
  z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/) }),
]);
export type SecretRef = z.infer<typeof secretSchema>;

/** A public key that pages send with their events. */
export const writeKeySchema = z.strictObject({
  key: z.string().regex(/^pk_[A-Za-z0-9_-]{8,100}$/),
  /** Origins that may use it, as browsers send them (`https://app.example.com`); `*` allows any. */
  origins: z.array(z.string().min(1).max(300)).max(100).default([]),
  /** Whether requests without an `Origin` (editors, servers) may use it. */
  allowNoOrigin: z.boolean().default(false),
  /** Sustained events per second of its token bucket, and how many it may spend at once. */
  eventsPerSecond: z.number().positive().max(1e6).default(1000),
  burst: z.number().positive().max(1e7).default(20000),
  revoked: z.boolean().default(false),
});
export type WriteKey = z.infer<typeof writeKeySchema>;

export const serverKeySchema = z.strictObject({
  sha256,
  eventsPerSecond: z.number().positive().max(1e6).default(20000),
  burst: z.number().positive().max(1e7).default(200000),
  revoked: z.boolean().default(false),
});

/** How outcomes are decided. Times in seconds, similarities 0..1. */
export const metricSettingsSchema = z
  .strictObject({
    /** Name of this set of settings; without it a hash of the other four. */
    metricVersion: name.optional(),
    /** W: how long after it was shown an action still counts. */
    windowS: z
      .number()
      .int()
      .min(1)
      .max(90 * 86400)
      .default(86400),
    /** L: how late an event may arrive before the outcome is final. */
    latenessS: z
      .number()
      .int()
      .min(0)
      .max(90 * 86400)
      .default(172800),
    /** From this similarity on an edited generation counts as taken as it was. */
    thetaSame: z.number().min(0).max(1).default(0.98),
    /** Below this similarity an edit counts as a rejection. */
    thetaReplace: z
      .number()
      .min(0)
      .max(1)
      .default(1 / 3),
  })
  .refine((s) => s.thetaReplace <= s.thetaSame, { message: 'thetaReplace must not exceed thetaSame' });
export type MetricSettings = z.infer<typeof metricSettingsSchema>;

/** Which generations are one side of a comparison: columns of `user_days` and what they must equal. */
export const sideSchema = z
  .strictObject({
    prompt_id: name.optional(),
    prompt_version: name.optional(),
    model: name.optional(),
    model_version: name.optional(),
    experiment: name.optional(),
    arm: name.optional(),
    surface: name.optional(),
  })
  .refine((side) => Object.values(side).some((value) => value !== undefined), { message: 'names no column' });
export type Side = z.infer<typeof sideSchema>;

/** Which versions are compared with each other, and what counts as a difference. */
export const comparisonSettingsSchema = z.strictObject({
  /** Smallest drop of the acceptance rate that matters; fixed for a comparison at its first look. */
  mde: z.number().min(0.001).max(0.5).default(0.05),
  /** Level of one comparison; fixed at its first look. The level of all live ones together is always 0.05. */
  alpha: z.number().min(0.0001).max(0.5).default(0.05),
  /** Model that others are compared with, by surface; without one, the most used before the other came. */
  incumbents: z
    .record(name, z.strictObject({ model: name, modelVersion: z.string().max(200).default('') }))
    .default({}),
  /** Experiments by id: the arm that others are compared with, and what share of units each arm was to get (default: equal). */
  experiments: z
    .record(
      name,
      z.strictObject({
        control: name.optional(),
        weights: z.record(name, z.number().positive().max(1e6)).default({}),
      }),
    )
    .default({}),
  /** Further pairs. Both sides must name the same columns. */
  pairs: z
    .array(
      z
        .strictObject({ nameA: name.optional(), nameB: name.optional(), a: sideSchema, b: sideSchema })
        .refine(({ a, b }) => Object.keys(a).sort().join() === Object.keys(b).sort().join(), {
          message: 'a and b must name the same columns',
        })
        .refine(({ a, b }) => Object.entries(a).some(([column, value]) => b[column as keyof Side] !== value), {
          message: 'a and b are the same',
        }),
    )
    .max(500)
    .default([]),
});
export type ComparisonSettings = z.infer<typeof comparisonSettingsSchema>;

export const projectSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/),
  name: name.optional(),
  /** Key of the hash that turns a person into `user_key`: the same for all collectors, never rotated. */
  hashKey: secretSchema,
  writeKeys: z.array(writeKeySchema).default([]),
  serverKeys: z.array(serverKeySchema).default([]),
  /** SHA-256 of the tokens that may read this project's figures. */
  readTokens: z.array(z.strictObject({ sha256, revoked: z.boolean().default(false) })).default([]),
  /** Secrets that verify generation tokens; several while one is being rotated. */
  signingSecrets: z.array(secretSchema).default([]),
  /** Refuse events whose generation has no token. */
  requireToken: z.boolean().default(false),
  /** Drop events of browsers that send `Sec-GPC: 1`. */
  honourGpc: z.boolean().default(true),
  /** V: how long a generation must have been visible to count as shown, ms. */
  visibleMs: z.number().int().min(0).max(60_000).default(750),
  settings: metricSettingsSchema.prefault({}),
  /** Settings of surfaces that differ from the project's. */
  surfaces: z.record(name, metricSettingsSchema).default({}),
  comparisons: comparisonSettingsSchema.prefault({}),
  /** Who hears of a version that is worse and of a rate that has fallen. */
  alerts: alertSettingsSchema.prefault({}),
});
export type Project = z.infer<typeof projectSchema>;

export const projectsFileSchema = z
  .strictObject({ version: z.literal(1), projects: z.array(projectSchema).max(10_000) })
  .superRefine((file, ctx) => {
    const ids = new Set<string>();
    const keys = new Set<string>();
    for (const [i, project] of file.projects.entries()) {
      if (ids.has(project.id))
        ctx.addIssue({ code: 'custom', path: ['projects', i, 'id'], message: 'id is used twice' });
      ids.add(project.id);
      for (const key of [...project.writeKeys.map((k) => k.key), ...project.serverKeys.map((k) => k.sha256)]) {
        if (keys.has(key)) ctx.addIssue({ code: 'custom', path: ['projects', i], message: 'a key is used twice' });
        keys.add(key);
      }
    }
  });
export type ProjectsFile = z.infer<typeof projectsFileSchema>;
