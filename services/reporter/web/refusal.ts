// What a person reads where there is nothing, or where something went wrong. In: why. Out: a page with one message.
// Must never say what there would be with another token.
import type { Response } from 'express';
import { renderMessage } from './frame.js';

const MESSAGES = {
  not_found: {
    status: 404,
    title: 'There is nothing here',
    text: 'No page has this address. It may have been cut off where it was copied.',
  },
  unavailable: {
    status: 503,
    title: 'The figures cannot be read now',
    text: 'Nothing is lost: events are kept. Load the page again in a moment.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong here',
    text: 'The log of the reporter says what. Nothing is lost: events are kept.',
  },
} as const;

export function sendMessage(response: Response, code: keyof typeof MESSAGES): void {
  const { status, title, text } = MESSAGES[code];
  if (code === 'unavailable') response.set('Retry-After', '5');
  response
    .status(status)
    .type('html')
    .send(renderMessage(title, text, 'home'));
}
