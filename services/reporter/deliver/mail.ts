// Sends a mail. The only file that knows the mail library. In: a mail, the server. Out: how it ended.
// Must never send a password over a connection that is neither encrypted nor local, and never repeat a server's words.
import { createTransport } from 'nodemailer';
import { isLoopback } from '../access.js';
import { ATTEMPT_MS_MAX, endingOfError, type Ending } from './attempt.js';

export interface MailServer {
  /** `smtp://user:password@host:port`, or `smtps:` for TLS from the first byte. */
  readonly url: string;
  /** Sender. */
  readonly from: string;
}

export interface Mail {
  readonly subject: string;
  /** The same for every attempt, so that mail programs show a repeated message once. 32 hex digits are enough. */
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
  readonly attachments?: readonly {
    readonly filename: string;
    readonly contentType: string;
    readonly content: string;
  }[];
}

/** Part of an address behind the `@`. */
export function mailDomain(from: string): string {
  return /@([A-Za-z0-9.-]+)>?$/.exec(from)?.[1] ?? 'tacit';
}

export function messageId(id: string, from: string): string {
  return `<${id}@${mailDomain(from)}>`;
}

/** Never rejects. One attempt is one connection. */
export async function sendMail(
  mail: Mail,
  to: string,
  { url, from }: MailServer,
  timeoutMs = ATTEMPT_MS_MAX,
): Promise<Ending> {
  const transport = createTransport({
    ...connectionOf(url),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const { subject, id, headers, text, html, attachments = [] } = mail;
  try {
    await transport.sendMail({
      ...{ from, to, subject, text, html, attachments: [...attachments] },
      messageId: messageId(id, from),
      headers: { 'Auto-Submitted': 'auto-generated', ...headers },
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { result: 'sent', detail: 'the mail server took it' };
  } catch (error) {
    return endingOfMail(error);
  } finally {
    transport.close();
  }
}

function connectionOf(address: string) {
  const { protocol, hostname, port, username, password } = new URL(address);
  const secure = protocol === 'smtps:';
  const signedIn = username !== '';
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: signedIn && !secure && !isLoopback(hostname),
    ...(signedIn ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}),
  };
}

/** A mail server says 4xx for what passes and 5xx for what does not. */
function endingOfMail(error: unknown): Ending {
  const code = responseCode(error);
  if (code === undefined) {
    const name = error instanceof Error && 'code' in error ? error.code : '';
    return endingOfError(name === 'EABORT' ? new DOMException('', 'TimeoutError') : asNodeSaidIt(error));
  }
  if (code >= 500) return { result: 'failed', detail: `the mail server refused it (${code}${meaning(code)})` };
  return { result: 'retry', detail: `the mail server did not take it now (${code})` };
}

/** The library puts a code of its own over that of the socket or of TLS, which says more. */
function asNodeSaidIt(error: unknown): unknown {
  if (!(error instanceof Error) || !('originalCode' in error)) return error;
  return Object.assign(new Error(), { code: error.originalCode });
}

function meaning(code: number): string {
  if (code === 535 || code === 530) return ', sign-in';
  return code === 550 || code === 551 || code === 553 ? ', the recipient or the sender' : '';
}

function responseCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('responseCode' in error)) return undefined;
  const code = Number(error.responseCode);
  return code >= 400 && code < 600 ? code : undefined;
}
