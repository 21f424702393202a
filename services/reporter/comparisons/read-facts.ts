// Runs the statements of a look and gathers what they found, by number of the comparison. In: the members table, filled.
// Out: tier facts, sums and extras of each comparison. Large looks are summed in pieces of comparisons, one after the other.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { ROLLUP_SETTINGS } from '../rollup/query-settings.js';
import type { ComparedProject } from './compared-project.js';
import type { LookTables } from './look-tables.js';
import type { LookFacts } from './look-row.js';
import { cutPieces } from './pieces.js';
import type { Pair } from './pair.js';
import { personsSql, sharedSql, sdksSql, strataSql, tierSql, weightsSql } from './read-statements.js';
import { sdkMixes, type SdkPersons } from './sdk-mix.js';
import { heterogeneitySql, sumsSql, withoutHeaviestSql } from './sum-statements.js';
import { NO_EXTRAS, type Extras, type Sums } from './sums.js';
import type { TierFacts } from './tier.js';

export type Found = Pick<LookFacts, 'tierFacts' | 'days' | 'sums' | 'extras'>;

interface TierRow {
  readonly c: number;
  readonly concurrent_b: number;
  readonly all_b: number;
  readonly from_day: string | null;
  readonly to_day: string | null;
  readonly assignments: readonly string[];
  readonly experiments: readonly string[];
  readonly arms_a: readonly string[];
  readonly arms_b: readonly string[];
}

/** Throws the signal's reason when it aborts between two statements. */
export async function readFacts(
  clickhouse: ClickHouse,
  tables: LookTables,
  pairs: readonly Pair[],
  projects: readonly ComparedProject[],
  asOf: number,
  signal: AbortSignal,
): Promise<(c: number) => Found> {
  await clickhouse.command(sharedSql(tables), {}, ROLLUP_SETTINGS);
  const tiers = byNumber(await clickhouse.query<TierRow>(tierSql(tables), {}, ROLLUP_SETTINGS));
  const weights = await clickhouse.query<{ c: number; rows: number }>(weightsSql(tables), {}, ROLLUP_SETTINGS);
  const pieces = cutPieces(weights);
  for (const piece of pieces) {
    signal.throwIfAborted();
    await clickhouse.command(personsSql(tables), { as_of: asOf, ...piece }, ROLLUP_SETTINGS);
  }
  await clickhouse.command(strataSql(tables), {}, ROLLUP_SETTINGS);
  const sdks = sdkMixes(await clickhouse.query<SdkPersons>(sdksSql(tables), { as_of: asOf }, ROLLUP_SETTINGS));
  const sums: Sums[] = [];
  const without: { c: number; difference: number | null }[] = [];
  const heterogeneity: { c: number; q: number; strata: number }[] = [];
  for (const piece of pieces) {
    signal.throwIfAborted();
    const read = async <T>(sql: string) => await clickhouse.query<T>(sql, { ...piece }, ROLLUP_SETTINGS);
    sums.push(...(await read<Sums>(sumsSql(tables))));
    without.push(...(await read<{ c: number; difference: number | null }>(withoutHeaviestSql(tables))));
    heterogeneity.push(...(await read<{ c: number; q: number; strata: number }>(heterogeneitySql(tables))));
  }
  const [summed, lighter, differing] = [byNumber(sums), byNumber(without), byNumber(heterogeneity)];
  const settings = new Map(projects.map((project) => [project.id, project.comparisons]));
  return (c) => {
    const pair = pairs[c];
    const tier = tiers.get(c);
    const tierFacts = tierFactsOf(tier);
    const extras: Extras = {
      ...NO_EXTRAS,
      withoutHeaviest: lighter.get(c)?.difference ?? undefined,
      heterogeneity: differing.get(c),
      sdkMixP: sdks.get(c),
      weights: weightsOf(tierFacts, pair === undefined ? undefined : settings.get(pair.projectId)),
    };
    const days = tier?.from_day && tier.to_day ? { from: tier.from_day, to: tier.to_day } : undefined;
    return { tierFacts, days, sums: summed.get(c), extras };
  };
}

function tierFactsOf(row: TierRow | undefined): TierFacts {
  return {
    concurrentB: row?.concurrent_b ?? 0,
    allB: row?.all_b ?? 0,
    assignments: row?.assignments ?? [],
    experiments: row?.experiments ?? [],
    armsA: row?.arms_a ?? [],
    armsB: row?.arms_b ?? [],
  };
}

/** What share of the units A and B were to get: the weights of their arms, each 1 unless the projects file says otherwise. */
function weightsOf(facts: TierFacts, settings: ComparedProject['comparisons'] | undefined): [number, number] {
  const weights = settings?.experiments[facts.experiments[0] ?? '']?.weights ?? {};
  const sum = (arms: readonly string[]) => arms.reduce((total, arm) => total + (weights[arm] ?? 1), 0);
  return [sum(facts.armsA), sum(facts.armsB)];
}

function byNumber<T extends { readonly c: number }>(rows: readonly T[]): Map<number, T> {
  return new Map(rows.map((row) => [row.c, row]));
}
