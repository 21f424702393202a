// Clocks on the wall: what they show at an instant in a time zone, and at which instant they show something.
// A time that a zone passes over (clocks put forward) stands for the instant of the change; one that it has twice, for the first.
// All in ms; a wall time is what `Date.UTC` makes of its year, month, day and time.

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const parts = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const time = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
  const made = new Intl.DateTimeFormat('en-US', { ...parts, ...time, timeZone: zone });
  formats.set(zone, made);
  return made;
}

/** What a clock on the wall shows at an instant. */
export function wallTime(instant: number, zone: string): number {
  const at: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) at[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = at;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1000) + 1000) % 1000);
}

function offset(instant: number, zone: string): number {
  return wallTime(instant, zone) - instant;
}

const DAY_MS = 86_400_000;

/** The instant that a wall time stands for. Later wall times never stand for earlier instants. */
export function instantOf(wall: number, zone: string): number {
  const [before, after] = [offset(wall - DAY_MS, zone), offset(wall + DAY_MS, zone)];
  const candidates = [wall - before, wall - after].filter((instant) => wallTime(instant, zone) === wall);
  if (candidates.length > 0) return Math.min(...candidates);
  return changeBetween(wall - Math.max(before, after) - 1, wall - Math.min(before, after), zone);
}

/** The first instant with another offset than `from` has, to the ms. */
function changeBetween(from: number, to: number, zone: string): number {
  const start = offset(from, zone);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle, zone) === start) low = middle;
    else high = middle;
  }
  return high;
}
