// Rows of `rates` that belong to rows of `user_days` put there by hand: the roll-up fills both alike. In: person's days. Out: an hour of
// counts for each; they add up.

type Row = Readonly<Record<string, unknown>>;

const KEYS = [
  'project_id',
  'prompt_id',
  'prompt_version',
  'model',
  'model_version',
  'surface',
  'trusted',
  'metric_version',
] as const;
const COUNTS = [
  'not_shown',
  'orphan',
  'shown',
  'rejected',
  'edited',
  'accepted',
  'mature',
  'mature_rejected',
  'mature_edited',
  'mature_accepted',
] as const;

export function hourRates(personDays: readonly Row[]): Row[] {
  return personDays.map((row) => {
    const counts = Object.fromEntries(COUNTS.map((name) => [name, Number(row[name] ?? 0)])) as Record<
      (typeof COUNTS)[number],
      number
    >;
    const ignored = counts.mature - counts.mature_rejected - counts.mature_edited - counts.mature_accepted;
    return {
      ...Object.fromEntries(KEYS.filter((name) => name in row).map((name) => [name, row[name]])),
      hour: `${String(row['day'])} 00:00:00`,
      ...counts,
      ignored,
      unresolved: counts.shown - counts.rejected - counts.edited - counts.accepted - ignored,
      mature_similarity_sum: row['mature_similarity_sum'] ?? 0,
      ...('as_of' in row ? { as_of: row['as_of'] } : {}),
    };
  });
}
