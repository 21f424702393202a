// When a report is due. The only file that knows the cron library. In: a cron expression and a time zone. Out: instants, ms.
// The library counts on a wall clock without changes, which is then read in the time zone: each local time that the expression
// names is one slot, also on days on which the zone has it twice or not at all. Must never depend on what time it is.
import { CronExpressionParser, type CronExpression } from 'cron-parser';
import { instantOf, wallTime } from './local-time.js';

export interface SlotSchedule {
  /** Five fields, or six with seconds first. */
  readonly cron: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** A report is due at most so often in an hour of the wall clock. */
export const SLOTS_PER_HOUR_MAX = 1;
/** No zone's clocks are further from a clock without changes within two days, ms. */
const CHANGE_MS_MAX = 26 * 3_600_000;
/** A report that has no slot for so long has none: the longest time between two leap days. */
const SEARCH_MS_MAX = 9 * 366 * 86_400_000;

/** What is wrong with an expression, or undefined. Repeats nothing of it. */
export function cronProblem(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6)
    return 'must have five fields (minute, hour, day of month, month, day of week), or six with seconds first';
  if (/@|H(?!U)/i.test(cron)) return 'must not use @ or H';
  try {
    const expression = parsed(cron, Date.UTC(2024, 0, 1));
    const { minute, second } = expression.fields;
    if (minute.values.length * second.values.length > SLOTS_PER_HOUR_MAX)
      return 'is due more than once an hour: it must name one minute (and one second)';
    expression.next();
  } catch {
    return 'is not a cron expression that ever comes true, such as "0 6 * * 1" for Mondays at six';
  }
  return undefined;
}

/** All slots with `after` < slot <= `until`, oldest first. */
export function slotsBetween({ cron, timeZone }: SlotSchedule, after: number, until: number): number[] {
  const slots: number[] = [];
  const walls = parsed(cron, wallTime(after, timeZone) - CHANGE_MS_MAX);
  for (;;) {
    const wall = nextWall(walls);
    if (wall === undefined || wall > wallTime(until, timeZone) + CHANGE_MS_MAX) return slots;
    const slot = instantOf(wall, timeZone);
    if (slot > until) return slots;
    // two local times that clocks pass over are one instant
    if (slot > after && slot !== slots.at(-1)) slots.push(slot);
  }
}

/** The newest slot that is not after `until`; undefined when there was none for years. */
export function newestSlot({ cron, timeZone }: SlotSchedule, until: number): number | undefined {
  const walls = parsed(cron, wallTime(until, timeZone) + CHANGE_MS_MAX);
  for (;;) {
    const wall = previousWall(walls);
    if (wall === undefined || wall < until - SEARCH_MS_MAX) return undefined;
    const slot = instantOf(wall, timeZone);
    if (slot <= until) return slot;
  }
}

/** The first slot after an instant; undefined when there is none for years. */
export function nextSlot({ cron, timeZone }: SlotSchedule, after: number): number | undefined {
  const walls = parsed(cron, wallTime(after, timeZone) - CHANGE_MS_MAX);
  for (;;) {
    const wall = nextWall(walls);
    if (wall === undefined || wall > after + SEARCH_MS_MAX) return undefined;
    const slot = instantOf(wall, timeZone);
    if (slot > after) return slot;
  }
}

/** The slots of a day of the wall calendar, YYYY-MM-DD. */
export function slotsOfDay(schedule: SlotSchedule, day: string): number[] {
  const start = instantOf(Date.parse(day), schedule.timeZone);
  const end = instantOf(Date.parse(day) + 86_400_000, schedule.timeZone);
  return slotsBetween(schedule, start - 1, end - 1);
}

function parsed(cron: string, from: number): CronExpression {
  return CronExpressionParser.parse(cron, { currentDate: new Date(from), tz: 'UTC' });
}

/** The library throws when it finds nothing. */
function nextWall(walls: CronExpression): number | undefined {
  try {
    return walls.next().getTime();
  } catch {
    return undefined;
  }
}

function previousWall(walls: CronExpression): number | undefined {
  try {
    return walls.prev().getTime();
  } catch {
    return undefined;
  }
}
