// Configuration of the reporter: which variables it reads and what they may be.
import { z } from 'zod';
import { clickHouseConfigSchema } from '../../infra/local/open-clickhouse.js';
import { sharedConfigSchema } from '../../shared/runtime/config.js';
import { cronProblem } from './schedule.js';

const cron = z.string().superRefine((expression, context) => {
  const problem = cronProblem(expression);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

export const reporterConfigSchema = clickHouseConfigSchema
  .extend(sharedConfigSchema.pick({ TACIT_HOST: true, TACIT_REPORTER_PORT: true, LOG_LEVEL: true }).shape)
  .extend({
    /** When changed days are looked for. `off`: figures stand still, and nobody is erased by this process. */
    TACIT_ROLLUP_CRON: cron.default('*/5 * * * * *'),
    /** When it is tried to take the day's look at all comparisons; the first time that succeeds counts. `off`: no looks. */
    TACIT_COMPARISON_CRON: cron.default('10 * * * *'),
  });

export type ReporterConfig = Readonly<z.infer<typeof reporterConfigSchema>>;
