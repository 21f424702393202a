// In: the time. Out: UUIDv7s in the order they were made. Uses getRandomValues, which plain http pages have too
// (randomUUID they have not).

/** Ids that one millisecond has room for before they run ahead of the clock: 12 bits of the id count them. */
const STEPS = 4096;

/** When the last id was made, ms; its fraction counts the ids of one millisecond. */
let last = 0;

/**
 * 36 characters, lower case. The first 48 bits are milliseconds since the epoch, the 12 after the version their fraction
 * (RFC 9562, 6.2, method 3), which grows with each id: so the ids of a page sort in the order they were made, also where
 * the clock stands still or goes back.
 */
export function uuid7(): string {
  last = Math.max(Date.now(), last + 1 / STEPS);
  let hex = (last * STEPS).toString(16).padStart(15, '0');
  for (const byte of crypto.getRandomValues(new Uint8Array(8))) hex += (byte + 256).toString(16).slice(1);
  return hex.replace(/(.{8})(.{4})(.{3})(.{3})(.{12})./, '$1-$2-7$3-8$4-$5');
}
