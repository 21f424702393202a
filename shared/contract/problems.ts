// Why a whole request is refused: stable codes with their HTTP status and title (RFC 9457 problem details).

export const PROBLEMS = {
  malformed_json: { status: 400, title: 'The body is not well-formed JSON in UTF-8.' },
  invalid_batch: { status: 400, title: 'The batch does not have the right shape.' },
  empty_batch: { status: 400, title: 'The batch holds no events.' },
  too_deep: { status: 400, title: 'The body is nested too deeply.' },
  unknown_key: { status: 401, title: 'The key is missing, unknown or revoked.' },
  origin_not_allowed: { status: 403, title: 'This key may not be used from here.' },
  not_allowed: { status: 403, title: 'This key may not do that.' },
  not_found: { status: 404, title: 'There is nothing here.' },
  method_not_allowed: { status: 405, title: 'This address does not take that method.' },
  body_timeout: { status: 408, title: 'The body came too slowly.' },
  body_too_large: { status: 413, title: 'The body is too large.' },
  inflated_too_large: { status: 413, title: 'The body is too large once inflated.' },
  too_many_events: { status: 413, title: 'The batch holds too many events.' },
  rows_too_large: { status: 413, title: 'The batch becomes too many bytes of rows.' },
  unsupported_type: { status: 415, title: 'The body must be application/json or text/plain, in UTF-8.' },
  unsupported_encoding: { status: 415, title: 'The body may be compressed with gzip only.' },
  rate_limited: { status: 429, title: 'This key has sent too many events.' },
  internal: { status: 500, title: 'Something went wrong here; nothing was taken.' },
  unavailable: { status: 503, title: 'Nothing can be taken now.' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemCode = keyof typeof PROBLEMS;

/** The body of a refusal, `application/problem+json`. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail?: string;
}

export function problemDetails(code: ProblemCode, detail?: string): ProblemDetails {
  const { status, title } = PROBLEMS[code];
  return { type: `urn:tacit:problem:${code}`, title, status, code, ...(detail === undefined ? {} : { detail }) };
}
