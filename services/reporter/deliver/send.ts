// One attempt to bring a message to a target. In: the message as each kind of target gets it, the target as configured, the
// environment. Out: how it ended. A variable that is not set is weather: who sets it starts the service again, and the message goes
// out then.
import { isWebAddress, type AlertTarget } from '../../../shared/contract/alert-targets.js';
import type { Ending } from './attempt.js';
import { sendMail, type Mail, type MailServer } from './mail.js';
import { post } from './post.js';
import { SIGNATURE_HEADER, signatureOf } from './signature.js';

export interface DeliveryContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Undefined when none is configured. */
  readonly mailServer: MailServer | undefined;
  /** Wall clock, ms. */
  readonly now: () => number;
  /** Bound of one attempt, ms. */
  readonly timeoutMs?: number;
}

export interface Message {
  /** The same for every attempt: the Idempotency-Key. */
  readonly id: string;
  /** For webhooks: JSON, byte for byte as the ledger keeps it. */
  readonly body: string;
  /** For Slack: the body for an incoming webhook. */
  readonly slack: () => string;
  readonly mail: () => Mail;
}

export const SECRET_CHARS_MIN = 16;

type Ref = { readonly value: string } | { readonly env: string };

/** Never rejects, unless the message cannot be drawn. */
export async function send(message: Message, target: AlertTarget, context: DeliveryContext): Promise<Ending> {
  const timeout = context.timeoutMs === undefined ? {} : { timeoutMs: context.timeoutMs };
  if (target.kind === 'email') {
    if (context.mailServer === undefined)
      return { result: 'retry', detail: 'TACIT_SMTP_URL and TACIT_SMTP_FROM are not set' };
    return await sendMail(message.mail(), target.to, context.mailServer, context.timeoutMs);
  }
  const url = valueOf(target.url, context.env);
  if (url === undefined || !isWebAddress(url) || !URL.canParse(url))
    return { result: 'retry', detail: `${variableOf(target.url)} is not set to an http or https address` };
  if (target.kind === 'slack') return await post({ url, body: message.slack(), ...timeout });
  const secret = valueOf(target.secret, context.env);
  if (secret === undefined || secret.length < SECRET_CHARS_MIN)
    return {
      result: 'retry',
      detail: `${variableOf(target.secret)} is not set to ${SECRET_CHARS_MIN} characters or more`,
    };
  const headers = {
    'Idempotency-Key': message.id,
    [SIGNATURE_HEADER]: signatureOf(message.body, secret, Math.floor(context.now() / 1000)),
  };
  return await post({ url, body: message.body, headers, ...timeout });
}

function valueOf(ref: Ref, env: DeliveryContext['env']): string | undefined {
  return 'env' in ref ? env[ref.env] : ref.value;
}

function variableOf(ref: Ref): string {
  return 'env' in ref ? ref.env : 'its value in the file';
}
