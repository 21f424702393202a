// Which slot somebody means. In: a schedule, a day or an instant, the time. Out: the slot, ms, or a StartError that names its
// neighbours. A time without a zone is one in the report's own.
import { instantOf } from '../../services/reporter/reports/local-time.js';
import { newestSlot, nextSlot, slotsOfDay, type SlotSchedule } from '../../services/reporter/reports/slots.js';
import { StartError } from '../../shared/runtime/errors.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?$/;

/** `at` undefined: the newest slot that has passed. */
export function whichSlot(
  schedule: SlotSchedule & { readonly id: string },
  at: string | undefined,
  now: number,
): number {
  const slot = at === undefined ? newestSlot(schedule, now) : namedSlot(schedule, at);
  if (slot === undefined) throw new StartError(`The report ${schedule.id} has had no slot yet.`);
  if (slot > now) throw new StartError(`The slot ${shown(slot)} of ${schedule.id} has not come yet.`);
  return slot;
}

function namedSlot(schedule: SlotSchedule & { readonly id: string }, at: string): number {
  if (DAY.test(at) && isCalendarDay(at)) {
    const slots = slotsOfDay(schedule, at);
    if (slots.length > 1)
      throw new StartError(
        `The report ${schedule.id} has ${slots.length} slots on ${at}: name one, such as ${slots.slice(0, 3).map(shown).join(', ')}.`,
      );
    return slots[0] ?? none(schedule, at, instantOf(Date.parse(at) + 43_200_000, schedule.timeZone));
  }
  const [, local = '', zone] = INSTANT.exec(at) ?? [];
  const wall = isCalendarDay(local.slice(0, 10)) ? Date.parse(`${local}Z`) : NaN;
  if (Number.isNaN(wall))
    throw new StartError('--at takes a day such as 2026-11-16 or a time such as 2026-11-16T06:00');
  const instant = zone === undefined ? instantOf(wall, schedule.timeZone) : Date.parse(at);
  return newestSlot(schedule, instant) === instant ? instant : none(schedule, at, instant);
}

function isCalendarDay(day: string): boolean {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

function none(schedule: SlotSchedule & { readonly id: string }, at: string, instant: number): never {
  const near = [newestSlot(schedule, instant), nextSlot(schedule, instant)].flatMap((slot) =>
    slot === undefined ? [] : [shown(slot)],
  );
  throw new StartError(
    `The report ${schedule.id} has no slot at ${at} (${schedule.timeZone}). The nearest ${near.length === 1 ? 'is' : 'are'} ${near.join(' and ')}.`,
  );
}

export function shown(slot: number): string {
  return new Date(slot).toISOString().replace(/\.000Z$/, 'Z');
}
