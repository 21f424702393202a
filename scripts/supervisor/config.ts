// Configuration of the supervisor: what all services share, and which outside systems replace the embedded ones.
import { z } from 'zod';
import { readConfig, sharedConfigSchema } from '../../shared/runtime/config.js';

export const supervisorConfigSchema = sharedConfigSchema.extend({
  CLICKHOUSE_MIGRATOR_USER: z.string().optional(),
});

export type SupervisorConfig = Readonly<z.infer<typeof supervisorConfigSchema>>;

export function readSupervisorConfig(env: Record<string, string | undefined>): SupervisorConfig {
  return readConfig(supervisorConfigSchema, env);
}
