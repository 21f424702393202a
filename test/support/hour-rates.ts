// Rows of `rates` that belong to rows of `user_days` put there by hand: the roll-up fills both alike. In: persons' days. Out: an hour of
// counts for each; they add up.
import { RATE_KEYS } from '../../services/reporter/rollup/generations.js';
import { COUNTS } from './rolled-up.js';

type Row = Readonly<Record<string, unknown>>;
type Counts = Record<(typeof COUNTS)[number], number>;

export function hourRates(personDays: readonly Row[]): Row[] {
  return personDays.map((row) => {
    const counts = Object.fromEntries(COUNTS.map((name) => [name, Number(row[name] ?? 0)])) as Counts;
    const ignored = counts.mature - counts.mature_rejected - counts.mature_edited - counts.mature_accepted;
    return {
      ...Object.fromEntries(RATE_KEYS.filter((name) => name in row).map((name) => [name, row[name]])),
      hour: `${String(row['day'])} 00:00:00`,
      ...counts,
      ignored,
      unresolved: counts.shown - counts.rejected - counts.edited - counts.accepted - ignored,
      mature_similarity_sum: row['mature_similarity_sum'] ?? 0,
      ...('as_of' in row ? { as_of: row['as_of'] } : {}),
    };
  });
}
