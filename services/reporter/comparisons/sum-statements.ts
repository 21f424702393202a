// The statements that turn what was laid down into the figures of a look: difference, person-clustered standard error, shares.
// Pure text. Sources: Mantel-Haenszel risk difference; its variance is that of the least-squares coefficient of the side beside
// dummies of strata, clustered by person over everything (vcovCL, HC0 with J / (J - 1)).
import type { LookTables } from './look-tables.js';

/** Shares whose size and whose difference between the sides is watched: what of what, over persons. */
export const SHARES = {
  shown_rate: ['shown', 'generated'],
  orphan_share: ['orphan', 'acted'],
  late_share: ['late', 'mature'],
  clock_suspect_share: ['clock_suspect', 'shown'],
  forced_share: ['forced', 'shown'],
} as const;
export type ShareName = keyof typeof SHARES;
export const SHARE_NAMES = Object.keys(SHARES) as ShareName[];

const COUNTS = {
  generated: 'p.generated',
  shown: 'p.shown',
  orphan: 'p.orphan',
  acted: 'p.orphan + p.shown',
  mature: 'p.n',
  late: 'p.late',
  clock_suspect: 'p.clock_suspect',
  forced: 'p.forced',
} as const;
const SIDES = ['a', 'b'] as const;

/** Persons below which a stratum is too small to say that its effect is another. */
const STRATUM_PERSONS_MIN = 30;
/** A person with more than this share of the generations is named, and the difference computed without them. */
export const HEAVIEST_SHARE_MAX = 0.2;

const STRATA_TOTALS = (strata: string) => `SELECT c, count() AS strata, sum(na * nb / (na + nb)) AS weight,
    sum(na * nb / (na + nb) * (yb / nb - ya / na)) / weight AS difference,
    sum(pow(na * nb / (na + nb), 2) * (ya / na * (1 - ya / na) / na + yb / nb * (1 - yb / nb) / nb)) / pow(weight, 2) AS independent_variance
FROM ${strata} GROUP BY c`;

/** What is summed per person: in the shared strata what the difference needs, over all shared days what the shares need. */
function perPerson({ persons, strata }: LookTables): string {
  const inside = ['n', 'y'].flatMap((name) =>
    SIDES.map((side, s) => `sumIf(p.${name}, p.side = ${s} AND k.pi > 0) AS ${name}${side}`),
  );
  const all = Object.entries(COUNTS).flatMap(([name, counts]) =>
    SIDES.map((side, s) => `sumIf(${counts}, p.side = ${s}) AS ${name}_${side}`),
  );
  return `SELECT p.c AS c, p.person AS person, max(p.session) AS session,
    sum(if(k.pi > 0, if(p.side = 1, (1 - k.pi) * (p.y - p.n * (k.base + k.difference)), -k.pi * (p.y - p.n * k.base)), 0)) AS score,
    ${[...inside, ...all].join(',\n    ')}
FROM ${persons} AS p LEFT ANY JOIN (
    SELECT s.c AS c, s.stratum AS stratum, s.week AS week, t.difference AS difference, s.nb / (s.na + s.nb) AS pi,
        (s.ya + s.yb) / (s.na + s.nb) - t.difference * pi AS base
    FROM ${strata} AS s INNER JOIN (${STRATA_TOTALS(strata)}) AS t ON t.c = s.c
) AS k ON k.c = p.c AND k.stratum = p.stratum AND k.week = p.week
WHERE p.c >= {from:UInt32} AND p.c < {to:UInt32}
GROUP BY p.c, p.person`;
}

/**
 * One row per comparison with persons on shared days, `from` to `to` (exclusive): Sums of sums.ts. A variance is J / (J - 1) times
 * the sum of squares, NULL with fewer than two persons.
 */
export function sumsSql(tables: LookTables): string {
  const columns = [
    ...SIDES.flatMap((side) => [`n${side}`, `y${side}`]),
    ...Object.keys(COUNTS).flatMap((name) => SIDES.map((side) => `${name}_${side}`)),
  ];
  const totals = `SELECT c, ${columns.map((column) => `sum(${column}) AS ${column}`).join(', ')}, count() AS everybody FROM per_person GROUP BY c`;
  const deviation = (part: string, whole: string) =>
    `if(t.${whole} > 0, (q.${part} - t.${part} / t.${whole} * q.${whole}) / t.${whole}, 0)`;
  const shares = SHARE_NAMES.flatMap((name) => {
    const [part, whole] = SHARES[name];
    return [
      ...SIDES.map(
        (side) => `any(if(t.${whole}_${side} > 0, t.${part}_${side} / t.${whole}_${side}, 0)) AS ${name}_${side}`,
      ),
      `if(any(t.everybody) > 1, any(t.everybody) / (any(t.everybody) - 1) * sum(pow(${deviation(`${part}_b`, `${whole}_b`)} - ${deviation(`${part}_a`, `${whole}_a`)}, 2)), 0) AS ${name}_variance`,
    ];
  });
  const sides = SIDES.flatMap((side) => [
    `any(t.n${side}) AS n_${side}`,
    `any(t.y${side}) AS y_${side}`,
    `toFloat64(countIf(q.n${side} > 0)) AS persons_${side}`,
    `toFloat64(countIf(q.generated_${side} > 0)) AS assigned_${side}`,
    `any(t.generated_${side}) AS all_generated_${side}`,
    `if(n_${side} > 0, pow(n_${side}, 2) / sum(q.n${side} * q.n${side}), 0) AS effective_persons_${side}`,
    `if(persons_${side} > 0, avgIf(q.y${side} / q.n${side}, q.n${side} > 0), 0) AS persons_rate_${side}`,
    `if(persons_${side} > 1, persons_${side} / (persons_${side} - 1) * sum(pow(${deviation(`y${side}`, `n${side}`)}, 2)), 0) AS rate_variance_${side}`,
  ]);
  return `WITH per_person AS (${perPerson(tables)}), totals AS (${totals})
SELECT q.c AS c, toFloat64(countIf(q.na + q.nb > 0)) AS persons,
    toFloat64(any(k.strata)) AS strata, any(k.weight) AS weight, any(k.difference) AS difference, any(k.independent_variance) AS independent_variance,
    if(persons > 1 AND weight > 0, sqrt(persons / (persons - 1) * sum(q.score * q.score)) / weight, 0) AS standard_error,
    if(persons > 0, countIf(q.session = 1 AND q.na + q.nb > 0) / persons, 0) AS session_share,
    if(n_a + n_b > 0, max(q.na + q.nb) / (n_a + n_b), 0) AS heaviest_share,
    min(q.session) AS all_sessions,
    ${[...sides, ...shares].join(',\n    ')}
FROM per_person AS q INNER JOIN totals AS t ON t.c = q.c LEFT ANY JOIN (${STRATA_TOTALS(tables.strata)}) AS k ON k.c = q.c
GROUP BY q.c
SETTINGS join_use_nulls = 0, optimize_aggregation_in_order = 1`;
}

/** The difference without the heaviest person, of comparisons in which that one has too much. Parameters: from, to. */
export function withoutHeaviestSql({ persons, strata }: LookTables): string {
  const own = `SELECT * FROM ${persons} WHERE c >= {from:UInt32} AND c < {to:UInt32}`;
  return `WITH heaviest AS (
    SELECT c, argMax(person, (n, person)) AS person FROM (
        SELECT c, person, sum(n) AS n FROM (${own}) WHERE (c, stratum, week) IN (SELECT c, stratum, week FROM ${strata}) GROUP BY c, person)
    GROUP BY c HAVING max(n) > ${HEAVIEST_SHARE_MAX} * sum(n))
SELECT c, sum(na * nb / (na + nb) * (yb / nb - ya / na)) / sum(na * nb / (na + nb)) AS difference FROM (
    SELECT c, sumIf(n, side = 0) AS na, sumIf(n, side = 1) AS nb, sumIf(y, side = 0) AS ya, sumIf(y, side = 1) AS yb
    FROM (${own}) WHERE c IN (SELECT c FROM heaviest) AND (c, person) NOT IN (SELECT c, person FROM heaviest)
    GROUP BY c, stratum, week HAVING na > 0 AND nb > 0)
GROUP BY c`;
}

/** Cochran's Q of the strata's differences about the common one, over strata of enough persons. Parameters: from, to. */
export function heterogeneitySql({ persons, strata }: LookTables): string {
  return `SELECT e.c AS c, toFloat64(count()) AS strata, sum(pow(e.d - t.difference, 2) / e.variance) AS q FROM (
    SELECT c, stratum, week, any(d) AS d, count() / (count() - 1) * sum(pow(deviation, 2)) AS variance FROM (
        SELECT p.c AS c, p.stratum AS stratum, p.week AS week, p.person AS person, any(s.yb / s.nb - s.ya / s.na) AS d,
            sum(if(p.side = 1, (p.y - p.n * s.yb / s.nb) / s.nb, -(p.y - p.n * s.ya / s.na) / s.na)) AS deviation
        FROM ${persons} AS p INNER JOIN ${strata} AS s ON s.c = p.c AND s.stratum = p.stratum AND s.week = p.week
        WHERE p.n > 0 AND p.c >= {from:UInt32} AND p.c < {to:UInt32} GROUP BY p.c, p.stratum, p.week, p.person)
    GROUP BY c, stratum, week HAVING count() >= ${STRATUM_PERSONS_MIN} AND variance > 0) AS e
INNER JOIN (${STRATA_TOTALS(strata)}) AS t ON t.c = e.c
GROUP BY e.c HAVING count() > 1`;
}
