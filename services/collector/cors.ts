// What browsers are told about who may read an answer. In: an origin and who is allowed. Out: headers. No credentials, ever.

/** Headers that a page may set without being known: what the beacon and a backend in a worker send. */
const ALLOWED_HEADERS = 'authorization, content-type, content-encoding';
/** How long a browser may remember a preflight, seconds; Chromium takes no more. */
const PREFLIGHT_S = 7200;

export type Headers = Record<string, string>;

export function originAllowed(origin: string, origins: ReadonlySet<string>): boolean {
  return origins.has(origin) || origins.has('*');
}

/** Headers of every answer of the API, refusals too. `origins`: all that some project allows. */
export function corsHeaders(origin: string | undefined, origins: ReadonlySet<string>): Headers {
  if (origin === undefined || !originAllowed(origin, origins)) return { vary: 'Origin' };
  return { vary: 'Origin', 'access-control-allow-origin': origin, 'access-control-expose-headers': 'Retry-After' };
}

/** Answer to a preflight, which has no key: undefined when no project allows the origin. */
export function preflightHeaders(origin: string, origins: ReadonlySet<string>): Headers | undefined {
  if (!originAllowed(origin, origins)) return undefined;
  return {
    ...corsHeaders(origin, origins),
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': String(PREFLIGHT_S),
  };
}
