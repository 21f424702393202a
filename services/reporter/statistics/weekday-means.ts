// Takes the rhythm of the week out of a daily series. In: values of days with their weekday. Out: the values without it,
// with their mean kept. Must never invent a rhythm from a weekday seen only once.

/** A weekday has its own mean from so many days of it on; until then its days are left as they are. */
export const WEEKDAY_DAYS_MIN = 2;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * How far each weekday lies from the mean of all days; 0 for weekdays seen fewer than `WEEKDAY_DAYS_MIN` times.
 * `weekdays[i]` is that of `values[i]`, any numbering.
 */
export function weekdayOffsets(values: readonly number[], weekdays: readonly number[]): Map<number, number> {
  const of = new Map<number, number[]>();
  values.forEach((value, day) => {
    const weekday = weekdays[day] as number;
    of.set(weekday, [...(of.get(weekday) ?? []), value]);
  });
  const all = mean(values);
  return new Map([...of].map(([weekday, days]) => [weekday, days.length < WEEKDAY_DAYS_MIN ? 0 : mean(days) - all]));
}

/** The values less the offset of their weekday. */
export function withoutWeekdays(
  values: readonly number[],
  weekdays: readonly number[],
  offsets = weekdayOffsets(values, weekdays),
): number[] {
  return values.map((value, day) => value - (offsets.get(weekdays[day] as number) ?? 0));
}
