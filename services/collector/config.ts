// What the collector is told by its environment.
import { sharedConfigSchema } from '../../shared/runtime/config.js';
import { kafkaConfigSchema } from '../../shared/runtime/kafka/config.js';

export const collectorConfigSchema = sharedConfigSchema
  .pick({
    TACIT_DATA_DIR: true,
    TACIT_HOST: true,
    TACIT_COLLECTOR_PORT: true,
    TACIT_PROJECTS_FILE: true,
    LOG_LEVEL: true,
  })
  .extend(kafkaConfigSchema.shape);
