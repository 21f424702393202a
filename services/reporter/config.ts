// Configuration of the reporter: which variables it reads and what they may be.
import path from 'node:path';
import { z } from 'zod';
import { clickHouseConfigSchema } from '../../infra/local/open-clickhouse.js';
import { sharedConfigSchema } from '../../shared/runtime/config.js';
import type { MailServer } from './deliver/mail.js';
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
    /** When alerts that wait are tried again. `off`: they wait for the next look. */
    TACIT_ALERT_CRON: cron.default('45 * * * * *'),
    /** Which reports there are; `reports.json` in the data directory unless said, and a daily and a weekly one without it. */
    TACIT_REPORTS_FILE: z
      .string()
      .transform((file) => path.resolve(file))
      .optional(),
    /** When it is looked for reports that are due. `off`: none are made and sent by this process. */
    TACIT_REPORT_CRON: cron.default('5 * * * * *'),
    /** Where people open the page, for links in alerts and reports; the reporter's own address when it is absent. */
    TACIT_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
    /** `smtp://user:password@host:port`, or `smtps:`. */
    TACIT_SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp or smtps address' }).optional(),
    TACIT_SMTP_FROM: z
      .string()
      .regex(/^[^\r\n<>]*<[^\s<>@]+@[^\s<>@]+>$|^[^\s<>@]+@[^\s<>@]+$/, 'must be a mail address')
      .optional(),
  })
  .refine((given) => (given.TACIT_SMTP_URL === undefined) === (given.TACIT_SMTP_FROM === undefined), {
    path: ['TACIT_SMTP_URL'],
    message: 'needs TACIT_SMTP_FROM, and the other way round',
  });

export type ReporterConfig = Readonly<z.infer<typeof reporterConfigSchema>>;

/** The server that mails go to; undefined when none is configured. */
export function mailServerOf({
  TACIT_SMTP_URL: url,
  TACIT_SMTP_FROM: from,
}: Pick<ReporterConfig, 'TACIT_SMTP_URL' | 'TACIT_SMTP_FROM'>): MailServer | undefined {
  return url === undefined || from === undefined ? undefined : { url, from };
}
