// Why a request to the reporter is refused: stable codes as RFC 9457 problem details.
import type { Response } from 'express';
import type { QueryProblem } from './figures/filter.js';

const PROBLEMS = {
  invalid_query: { status: 400, title: 'A parameter of the address is not valid.' },
  unauthorized: { status: 401, title: 'A read token is needed: as Bearer, or once as ?token= on the page.' },
  unknown_project: { status: 404, title: 'There is no such project for this token.' },
  not_found: { status: 404, title: 'There is nothing here.' },
  method_not_allowed: { status: 405, title: 'This address is only read.' },
  misdirected: { status: 421, title: 'This host name is not answered here.' },
  internal: { status: 500, title: 'Something went wrong here.' },
  unavailable: { status: 503, title: 'The figures cannot be read now.' },
} as const;
export type ReporterProblem = keyof typeof PROBLEMS;

/** Ends the response as `application/problem+json`. */
export function sendProblem(response: Response, code: ReporterProblem, errors?: readonly QueryProblem[]): void {
  const { status, title } = PROBLEMS[code];
  if (code === 'unauthorized') response.set('WWW-Authenticate', 'Bearer');
  if (code === 'unavailable') response.set('Retry-After', '5');
  if (code === 'method_not_allowed') response.set('Allow', 'GET, HEAD');
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:tacit:problem:${code}`,
        title,
        status,
        code,
        ...(errors === undefined ? {} : { errors }),
      }),
    );
}
