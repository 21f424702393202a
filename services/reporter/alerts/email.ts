// Sends an alert by e-mail. The only file that knows the mail library. In: an alert, an address, the server. Out: how it ended.
// Must never send a password over a connection that is neither encrypted nor local, and never repeat a server's words.
import { createTransport } from 'nodemailer';
import { isLoopback } from '../access.js';
import { html } from '../web/html.js';
import type { Alert } from './alert.js';
import { ATTEMPT_MS_MAX, endingOfError, type Ending } from './attempt.js';
import { SHOWN_CHARS_MAX, factsOf, oneLine, subjectOf } from './facts.js';

export interface MailServer {
  /** `smtp://user:password@host:port`, or `smtps:` for TLS from the first byte. */
  readonly url: string;
  /** Sender of the alerts. */
  readonly from: string;
}

/** The same for every attempt, so that mail programs show a repeated message once. */
export function messageId(alert: Alert, from: string): string {
  const domain = /@([A-Za-z0-9.-]+)>?$/.exec(from)?.[1] ?? 'tacit';
  return `<${alert.id}@${domain}>`;
}

export function mailText(alert: Alert): string {
  const lines = factsOf(alert).map(({ label, value }) => `${label}: ${value}`);
  return [oneLine(alert.sentence, SHOWN_CHARS_MAX), '', ...lines, '', alert.link, ''].join('\n');
}

export function mailHtml(alert: Alert): string {
  return html`<!doctype html>
    <html lang="en">
      <body style="font: 16px/1.5 sans-serif">
        <p>${oneLine(alert.sentence, SHOWN_CHARS_MAX)}</p>
        <table cellpadding="4" style="border-collapse: collapse">
          ${factsOf(alert).map(
            ({ label, value }) =>
              html`<tr>
                <th align="left" scope="row">${label}</th>
                <td>${value}</td>
              </tr>`,
          )}
        </table>
        <p><a href="${alert.link}">Open the page</a></p>
      </body>
    </html>`.markup;
}

/** Never rejects. One attempt is one connection. */
export async function sendMail(
  alert: Alert,
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
  try {
    await transport.sendMail({
      from,
      to,
      subject: subjectOf(alert),
      messageId: messageId(alert, from),
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Tacit-Alert': alert.id },
      text: mailText(alert),
      html: mailHtml(alert),
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
    return name === 'EABORT' ? endingOfError(new DOMException('', 'TimeoutError')) : endingOfError(error);
  }
  if (code >= 500) return { result: 'failed', detail: `the mail server refused it (${code}${meaning(code)})` };
  return { result: 'retry', detail: `the mail server did not take it now (${code})` };
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
