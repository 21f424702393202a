// The mail about an alert. In: an alert. Out: subject, both parts, headers. Must never let a name that somebody sent become markup.
import type { Mail } from '../deliver/mail.js';
import { html } from '../web/html.js';
import type { Alert } from './alert.js';
import { SHOWN_CHARS_MAX, factsOf, oneLine, subjectOf } from './facts.js';

export function alertMail(alert: Alert): Mail {
  return {
    subject: subjectOf(alert),
    id: alert.id,
    headers: { 'X-Tacit-Alert': alert.id },
    text: mailText(alert),
    html: mailHtml(alert),
  };
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
