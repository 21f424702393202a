// Alerts of tests. In: what differs. Out: alerts of both kinds, events.
import { alertId, type Alert, type AlertEvent } from '../../services/reporter/alerts/alert.js';

export type WorseAlert = Extract<Alert, { kind: 'worse' }>;
export type FallenAlert = Extract<Alert, { kind: 'fallen' }>;

export function worseAlert(differences: Partial<WorseAlert> = {}): WorseAlert {
  return {
    kind: 'worse',
    version: 1,
    id: alertId('worse', differences.project ?? 'shop', differences.comparison?.id ?? 'c1', '2026-11-12'),
    project: 'shop',
    prompt: 'summarise',
    surface: 'web',
    since: '2026-11-12',
    sentence: 'Version 8 is accepted less often than version 7: −4.8 points.',
    n: 12_345,
    persons: 1312,
    metricVersion: 'm-1',
    asOf: '2026-11-14T00:05:00.000Z',
    link: 'http://127.0.0.1:7071/?project=shop&prompt=summarise#comparisons',
    interval: { low: -0.071, high: -0.025, level: 0.95 },
    comparison: {
      id: 'c1',
      a: 'version 7',
      b: 'version 8',
      difference: -0.048,
      rateA: 0.412,
      rateB: 0.364,
      nA: 6000,
      nB: 6345,
      personsA: 700,
      personsB: 690,
    },
    ...differences,
  };
}

export function fallenAlert(differences: Partial<FallenAlert> = {}): FallenAlert {
  return {
    kind: 'fallen',
    version: 1,
    id: alertId('fallen', 'shop', 'w1', '2026-11-03'),
    project: 'shop',
    prompt: 'summarise',
    surface: '',
    since: '2026-11-03',
    sentence: 'Acceptance of summarise has fallen since 3 Nov, the day version 8 went live; not a comparison.',
    n: 4000,
    persons: 410,
    metricVersion: 'm-1',
    asOf: '2026-11-14T00:05:00.000Z',
    link: 'http://127.0.0.1:7071/?project=shop&prompt=summarise#drift',
    interval: { low: 0.31, high: 0.35, level: 0.95 },
    drift: {
      watch: 'w1',
      promptVersion: '',
      rate: 0.33,
      baseline: 0.4,
      deployment: 'version 8',
      deployedOn: '2026-11-03',
    },
    ...differences,
  };
}

/** The `n`th event of a project, first so on `firedOn`. */
export function numberedEvent(n: number, firedOn: string, project = 'shop'): AlertEvent {
  const id = alertId('worse', project, `c${n}`, firedOn);
  return { firedOn, alert: worseAlert({ id, project, since: firedOn, sentence: `Event ${n}.` }) };
}
