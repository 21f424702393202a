// The message for Slack. In: an alert. Out: the body for an incoming webhook. Must never let a name that somebody sent become
// markup, a mention of a channel, or a link.
import type { Alert } from './alert.js';
import { SHOWN_CHARS_MAX, factsOf, oneLine, subjectOf } from './facts.js';

/** The three characters that Slack asks to escape. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function plain(text: string) {
  return { type: 'plain_text', text: escapeSlack(text), emoji: false };
}

/** A block's text has at most 3,000 characters at Slack, also after five for one in the worst case of escaping. */
const BLOCK_CHARS_MAX = 3000;

function fitting(text: string): string {
  let shown = oneLine(text, SHOWN_CHARS_MAX);
  while (escapeSlack(shown).length > BLOCK_CHARS_MAX) shown = oneLine(shown, shown.length - 100);
  return shown;
}

/** Sentence, figures, link. `text` is what notifications show. */
export function slackBody(alert: Alert): string {
  const lines = factsOf(alert).map(({ label, value }) => `${label}: ${value}`);
  return JSON.stringify({
    text: escapeSlack(subjectOf(alert)),
    unfurl_links: false,
    blocks: [
      { type: 'section', text: plain(fitting(alert.sentence)) },
      ...lines.map((line) => ({ type: 'context', elements: [plain(fitting(line))] })),
      { type: 'section', text: { type: 'mrkdwn', text: `<${escapeSlack(alert.link)}|Open the page>` } },
    ],
  });
}
