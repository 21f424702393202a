// What the collector is told by its environment.
import { z } from 'zod';
import { sharedConfigSchema } from '../../shared/runtime/config.js';
import { kafkaConfigSchema } from '../../shared/runtime/kafka/config.js';

/** A log that is smaller would be full before a reader that only slept for a second looks again, bytes. */
export const LOG_BYTES_LEAST = 16 * 1024 * 1024;

export const collectorConfigSchema = sharedConfigSchema
  .pick({
    TACIT_DATA_DIR: true,
    TACIT_HOST: true,
    TACIT_COLLECTOR_PORT: true,
    TACIT_PROJECTS_FILE: true,
    LOG_LEVEL: true,
  })
  .extend({
    TACIT_LOG_BYTES_MAX: z.coerce
      .number({ error: 'must be a number of bytes' })
      .int('must be a whole number of bytes')
      .min(LOG_BYTES_LEAST, `must be ${LOG_BYTES_LEAST} bytes or more`)
      .optional(),
  })
  .extend(kafkaConfigSchema.shape);
