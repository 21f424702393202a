// One attempt to bring an alert to a target. In: the alert as it is kept, the target as the projects file has it, the environment.
// Out: how it ended. A variable that is not set is weather: who sets it starts the service again, and the alert goes out then.
import { isWebAddress, type AlertTarget } from '../../../shared/contract/alert-targets.js';
import type { Alert } from './alert.js';
import type { Ending } from './attempt.js';
import { sendMail, type MailServer } from './email.js';
import { post } from './post.js';
import { SIGNATURE_HEADER, signatureOf } from './signature.js';
import { slackBody } from './slack.js';

export interface DeliveryContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Undefined when none is configured. */
  readonly mailServer: MailServer | undefined;
  /** Wall clock, ms. */
  readonly now: () => number;
  /** Bound of one attempt, ms. */
  readonly timeoutMs?: number;
}

/** What `Deliver` gets: the alert, and its JSON byte for byte as the ledger keeps it. */
export interface Kept {
  readonly alert: Alert;
  readonly body: string;
}

export const SECRET_CHARS_MIN = 16;

type Ref = { readonly value: string } | { readonly env: string };

/** Never rejects. */
export async function deliver({ alert, body }: Kept, target: AlertTarget, context: DeliveryContext): Promise<Ending> {
  const timeout = context.timeoutMs === undefined ? {} : { timeoutMs: context.timeoutMs };
  if (target.kind === 'email') {
    if (context.mailServer === undefined)
      return { result: 'retry', detail: 'TACIT_SMTP_URL and TACIT_SMTP_FROM are not set' };
    return await sendMail(alert, target.to, context.mailServer, context.timeoutMs);
  }
  const url = valueOf(target.url, context.env);
  if (url === undefined || !isWebAddress(url) || !URL.canParse(url))
    return { result: 'retry', detail: `${variableOf(target.url)} is not set to an http or https address` };
  if (target.kind === 'slack') return await post({ url, body: slackBody(alert), ...timeout });
  const secret = valueOf(target.secret, context.env);
  if (secret === undefined || secret.length < SECRET_CHARS_MIN)
    return {
      result: 'retry',
      detail: `${variableOf(target.secret)} is not set to ${SECRET_CHARS_MIN} characters or more`,
    };
  const headers = {
    'Idempotency-Key': alert.id,
    [SIGNATURE_HEADER]: signatureOf(body, secret, Math.floor(context.now() / 1000)),
  };
  return await post({ url, body, headers, ...timeout });
}

function valueOf(ref: Ref, env: DeliveryContext['env']): string | undefined {
  return 'env' in ref ? env[ref.env] : ref.value;
}

function variableOf(ref: Ref): string {
  return 'env' in ref ? ref.env : 'its value in the projects file';
}
