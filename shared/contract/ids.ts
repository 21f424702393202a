// Ids and the times inside them. Pure, no imports: browser, backend and collector read an id alike.

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const ULID = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/i;
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ULID_TIME_CHARS = 10;

/** Times inside ids are believed from here on, ms since the epoch: 2020-01-01 UTC. */
export const ID_TIME_MS_MIN = 1_577_836_800_000;
/** Times inside ids are believed before this, ms since the epoch: 2100-01-01 UTC. */
export const ID_TIME_MS_END = 4_102_444_800_000;

/** Any UUID in its usual form, of any version, in any case. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && value.length === 36 && UUID.test(value);
}

/** Time inside an id that is, as a whole, a UUIDv7 or a ULID of the years 2020 to 2099, ms since the epoch; else undefined. */
export function idTimeMs(id: string): number | undefined {
  let time: number;
  if (id.length === 36 && UUID_V7.test(id)) time = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  else if (id.length === 26 && ULID.test(id)) time = ulidTimeMs(id.toUpperCase());
  else return undefined;
  return time >= ID_TIME_MS_MIN && time < ID_TIME_MS_END ? time : undefined;
}

function ulidTimeMs(id: string): number {
  let time = 0;
  for (const char of id.slice(0, ULID_TIME_CHARS)) time = time * 32 + CROCKFORD.indexOf(char);
  return time;
}

/** A UUIDv7 (RFC 9562) for `timeMs` (a whole number) from 10 random bytes. */
export function uuidV7(timeMs: number, random: Uint8Array): string {
  if (random.length < 10) throw new RangeError('a UUIDv7 takes 10 random bytes');
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  const byte = (i: number) => random[i] ?? 0;
  const time = hex(timeMs, 12);
  const versioned = hex(0x7000 | ((byte(0) & 0x0f) << 8) | byte(1), 4);
  const variant = hex(0x8000 | ((byte(2) & 0x3f) << 8) | byte(3), 4);
  let node = '';
  for (let i = 4; i < 10; i++) node += hex(byte(i), 2);
  return `${time.slice(0, 8)}-${time.slice(8)}-${versioned}-${variant}-${node}`;
}

/** Whether a string can name a generation without being mended: no lone surrogate, no NUL, not only blanks. Length is not judged. */
export function isCleanId(id: string): boolean {
  return id.isWellFormed() && !id.includes('\0') && id.trim() !== '';
}
