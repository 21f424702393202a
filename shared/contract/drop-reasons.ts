// Why an event is not taken: a closed list. Answers, the table `drops` and metrics use these words and no others.

export const DROP_REASONS = [
  'not_an_object',
  'invalid_id',
  'unknown_type',
  'invalid_field',
  'invalid_generation_id',
  'missing_generated_at',
  'too_old',
  'too_new',
  'token_invalid',
  'token_expired',
  'token_mismatch',
  'token_required',
  'not_allowed',
  'too_many_attributes',
  'row_too_large',
  'opted_out',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** What each reason means, for people who read an answer or a table. */
export const DROP_REASON_MEANINGS: Readonly<Record<DropReason, string>> = {
  not_an_object: 'The event is not a JSON object.',
  invalid_id: 'The id of the event is not a UUID.',
  unknown_type: 'The type of the event is not known.',
  invalid_field: 'A field is missing, of the wrong type or out of range; it is named.',
  invalid_generation_id: 'The generation id is missing, blank, too long, or holds NUL or a lone surrogate.',
  missing_generated_at: 'Nothing says when the generation was made.',
  too_old: 'The generation was made too long ago.',
  too_new: 'The generation lies in the future.',
  token_invalid: 'The generation token is malformed or its signature is wrong.',
  token_expired: 'The event happened after the generation token expired.',
  token_mismatch: 'The generation token belongs to another generation, or states another time than the generation id.',
  token_required: 'The project takes only events with a generation token.',
  not_allowed: 'Only a server key may send this.',
  too_many_attributes: 'The event has too many attributes, those of its batch included.',
  row_too_large: 'The event becomes too large a row.',
  opted_out: 'The browser asks not to be tracked (Sec-GPC), and the project honours it.',
};
