// Configuration of the sink. In: the environment, handed over by main.ts. Out: one frozen object.
import { z } from 'zod';
import { clickHouseConfigSchema } from '../../infra/local/open-clickhouse.js';
import { readConfig, sharedConfigSchema } from '../../shared/runtime/config.js';
import { kafkaConfigSchema } from '../../shared/runtime/kafka/config.js';

export const sinkConfigSchema = clickHouseConfigSchema.extend({
  ...sharedConfigSchema.pick({ TACIT_HOST: true, LOG_LEVEL: true }).shape,
  ...kafkaConfigSchema.shape,
  /** Port for /healthz, /readyz and /metrics. Without it the sink listens nowhere. */
  TACIT_SINK_PORT: z.coerce
    .number({ error: 'must be a port number, 0 for any free one' })
    .int()
    .min(0)
    .max(65535)
    .optional(),
});
export type SinkConfig = z.infer<typeof sinkConfigSchema>;

/** Throws StartError that names every problem. */
export function readSinkConfig(env: Record<string, string | undefined>): Readonly<SinkConfig> {
  return readConfig(sinkConfigSchema, env);
}
