// In: the time. Out: a UUIDv7. Uses getRandomValues, which plain http pages have too (randomUUID they have not).

/** 36 characters, lower case; the first 48 bits are `now` (milliseconds since the epoch), so that ids sort by time. */
export function uuid7(now = Date.now()): string {
  let hex = Math.floor(now).toString(16).padStart(12, '0');
  for (const byte of crypto.getRandomValues(new Uint8Array(10))) hex += (byte + 256).toString(16).slice(1);
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-7$3-8$4-');
}
