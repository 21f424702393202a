// The days that a report is about. Pure.
import { addDays, utcDay } from '../../figures/filter.js';

/** Whole UTC days, `to` not included. */
export interface ReportWindow {
  readonly from: string;
  readonly to: string;
  readonly days: number;
}

/** The `days` whole UTC days before the UTC day of the slot (ms). */
export function windowOf(slot: number, days: number): ReportWindow {
  const to = utcDay(slot);
  return { from: addDays(to, -days), to, days };
}

/** Every day of a window. */
export function daysOf({ from, days }: ReportWindow): string[] {
  return Array.from({ length: days }, (_, i) => addDays(from, i));
}
