// Reads a service's configuration from the environment: one zod object, read once, frozen, every problem said at once.
import { isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { StartError } from './errors.js';

/** Reads `env` by a schema whose keys are variable names. Empty values count as absent. Throws StartError naming each problem, never a value. */
export function readConfig<T extends z.ZodType>(
  schema: T,
  env: Record<string, string | undefined>,
): Readonly<z.infer<T>> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new StartError(`The configuration is not usable:\n${problems.join('\n')}`);
}

const port = z.coerce.number({ error: 'must be a port number, 0 for any free one' }).int().min(0).max(65535);

/** Variables that several services share; a service picks those it needs with `.pick()`. */
export const sharedConfigSchema = z.object({
  TACIT_DATA_DIR: z
    .string()
    .default('.tacit')
    .transform((dir) => path.resolve(dir)),
  TACIT_HOST: z
    .string()
    .refine((host) => host === 'localhost' || isIP(host) !== 0, 'must be an IP address or localhost')
    .default('127.0.0.1'),
  TACIT_COLLECTOR_PORT: port.default(7070),
  TACIT_REPORTER_PORT: port.default(7071),
  TACIT_DEMO_PORT: port.default(7072),
  TACIT_CLICKHOUSE_PORT: port.default(7073),
  TACIT_PROJECTS_FILE: z
    .string()
    .transform((file) => path.resolve(file))
    .optional(),
  CLICKHOUSE_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  CLICKHOUSE_DATABASE: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,60}$/, 'must be a plain identifier')
    .default('tacit'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});
