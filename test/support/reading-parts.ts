// Readings of a report for tests: nothing found, but for what is given.
import type { DriftState } from '../../services/reporter/drift/drift-state.js';
import type { Readings } from '../../services/reporter/reports/sections/readings.js';
import { rankRejected } from '../../services/reporter/reports/sections/rejected.js';
import type { Standing } from '../../services/reporter/reports/standing.js';

export function readingsOf(over: Partial<Readings> = {}): Readings {
  const none = { rows: [], total: 0 };
  return {
    totals: none,
    versions: none,
    prompts: none,
    findings: { comparisons: [], comparisonsTotal: 0, watches: [] },
    days: [],
    deployments: [],
    signals: [],
    ranking: rankRejected(over.prompts ?? none),
    reasons: [],
    quality: { drops: [], deadLetters: 0, days: [], lastStored: 0 },
    ...over,
  };
}

export function standingWith(over: Partial<Standing> = {}): Standing {
  return { rates: [], ratesTotal: 0, comparisons: [], comparisonsTotal: 0, falls: [], warnings: [], ...over };
}

/** summarise has fallen since 3 Nov. */
export function fallenState(over: Partial<DriftState> = {}): DriftState {
  return {
    project_id: 'acme',
    watch_id: 'w1',
    prompt_id: 'summarise',
    prompt_version: '',
    surface: '',
    day: '2026-11-12',
    state: 'fallen',
    since: '2026-11-03',
    deployment: 'version 8',
    deployed_on: '2026-11-03',
    from_day: '2026-11-03',
    n: 1204,
    persons: 312,
    rate: 0.312,
    standard_error: 0.012,
    baseline: 0.36,
    baseline_days: 28,
    baseline_from: '2026-10-06',
    baseline_to: '2026-11-02',
    sigma: 1,
    z: -3,
    cusum: 12,
    threshold: 10.2,
    days_needed: 0,
    persons_needed: 0,
    metric_version: 'm-1',
    ...over,
  };
}
