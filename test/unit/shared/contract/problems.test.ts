// Problems and drop reasons: closed lists that people's clients hold on to.
import { expect, it } from 'vitest';
import { DROP_REASONS, DROP_REASON_MEANINGS } from '../../../../shared/contract/drop-reasons.js';
import { PROBLEMS, problemDetails } from '../../../../shared/contract/problems.js';

it('each problem keeps its code and status', () => {
  const statuses = Object.fromEntries(Object.entries(PROBLEMS).map(([code, { status }]) => [code, status]));
  expect(statuses).toEqual({
    malformed_json: 400,
    invalid_batch: 400,
    empty_batch: 400,
    too_deep: 400,
    unknown_key: 401,
    origin_not_allowed: 403,
    not_allowed: 403,
    not_found: 404,
    method_not_allowed: 405,
    body_timeout: 408,
    body_too_large: 413,
    inflated_too_large: 413,
    too_many_events: 413,
    rows_too_large: 413,
    unsupported_type: 415,
    unsupported_encoding: 415,
    rate_limited: 429,
    internal: 500,
    unavailable: 503,
  });
});

it('problem details have the members of RFC 9457 and the code', () => {
  expect(problemDetails('too_deep')).toEqual({
    type: 'urn:tacit:problem:too_deep',
    title: 'The body is nested too deeply.',
    status: 400,
    code: 'too_deep',
  });
  expect(problemDetails('too_deep', 'at most 16 levels')).toMatchObject({ detail: 'at most 16 levels' });
});

it('each drop reason keeps its name and is explained', () => {
  expect([...DROP_REASONS].sort()).toEqual(
    (
      'invalid_field invalid_generation_id invalid_id missing_generated_at not_allowed not_an_object opted_out ' +
      'row_too_large token_expired token_invalid token_mismatch token_required too_many_attributes too_new too_old unknown_type'
    ).split(' '),
  );
  expect(Object.keys(DROP_REASON_MEANINGS).sort()).toEqual([...DROP_REASONS].sort());
});
