// Configuration of the supervisor: what all services share, an outside Kafka, and the accounts of an outside ClickHouse.
import { z } from 'zod';
import { readConfig, sharedConfigSchema } from '../../shared/runtime/config.js';
import { kafkaConfigSchema } from '../../shared/runtime/kafka/config.js';

const optional = z.string().optional();

export const supervisorConfigSchema = sharedConfigSchema.extend({
  ...kafkaConfigSchema.shape,
  CLICKHOUSE_WRITER_USER: optional,
  CLICKHOUSE_WRITER_PASSWORD: optional,
  CLICKHOUSE_REPORTER_USER: optional,
  CLICKHOUSE_REPORTER_PASSWORD: optional,
  CLICKHOUSE_ANALYST_USER: optional,
  CLICKHOUSE_ANALYST_PASSWORD: optional,
});

export type SupervisorConfig = Readonly<z.infer<typeof supervisorConfigSchema>>;

export function readSupervisorConfig(env: Record<string, string | undefined>): SupervisorConfig {
  return readConfig(supervisorConfigSchema, env);
}
