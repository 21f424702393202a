// Times and days in words. Pure: the same instant and zone give the same words on every machine. Times stand in the time zone of the
// report's schedule, with their distance to UTC, so that an hour that comes twice is not ambiguous; days are UTC days.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `16 Nov 2026, 06:00 UTC+1` of an instant in ISO 8601. */
export function zonedTime(instant: string, timeZone: string): string {
  const parts = partsOf(instant, timeZone);
  return `${dateWords(parts)}, ${parts.hour}:${parts.minute} ${parts.zone}`;
}

/** `16 Nov 2026` of an instant in ISO 8601. */
export function zonedDay(instant: string, timeZone: string): string {
  return dateWords(partsOf(instant, timeZone));
}

/** `15 Nov 2026` of `2026-11-15`. */
export function dayWords(day: string): string {
  return `${Number(day.slice(8, 10))} ${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''} ${day.slice(0, 4)}`;
}

interface Parts {
  readonly day: string;
  readonly month: string;
  readonly year: string;
  readonly hour: string;
  readonly minute: string;
  readonly zone: string;
}

function dateWords({ day, month, year }: Parts): string {
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? ''} ${year}`;
}

function partsOf(instant: string, timeZone: string): Parts {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'shortOffset',
  });
  const parts = new Map(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return {
    day: part('day'),
    month: part('month'),
    year: part('year'),
    hour: part('hour'),
    minute: part('minute'),
    zone: part('timeZoneName')
      .replace('GMT', 'UTC')
      .replace(/^UTC[+-]0$/, 'UTC'),
  };
}
