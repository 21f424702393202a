// Every state of a watch has a sentence, and none of them sounds like a comparison.
import { expect, test } from 'vitest';
import { driftSentence } from '../../../../../services/reporter/drift/drift-sentence.js';
import type { DriftState } from '../../../../../services/reporter/drift/drift-state.js';

const steady: DriftState = {
  project_id: 'acme',
  watch_id: 'w',
  prompt_id: 'summarise',
  prompt_version: '',
  surface: '',
  day: '2026-11-20',
  state: 'steady',
  since: null,
  deployment: '',
  deployed_on: null,
  from_day: '2026-11-14',
  n: 3412,
  persons: 1180,
  rate: 0.3584,
  standard_error: 0.012,
  baseline: 0.36,
  baseline_days: 28,
  baseline_from: '2026-10-06',
  baseline_to: '2026-11-02',
  sigma: 1.1,
  z: -0.2,
  cusum: -0.3,
  threshold: 6.3,
  days_needed: 0,
  persons_needed: 0,
  metric_version: 'default',
};
const fallen: DriftState = { ...steady, state: 'fallen', since: '2026-11-03', from_day: '2026-11-03', rate: 0.312 };
const collecting: DriftState = {
  ...steady,
  state: 'collecting',
  baseline: 0,
  baseline_days: 16,
  baseline_from: null,
  baseline_to: null,
  days_needed: 12,
  persons_needed: 240,
};

const cases: readonly (readonly [DriftState, string])[] = [
  [
    { ...fallen, deployment: 'version 8', deployed_on: '2026-11-03' },
    'summarise has fallen since 3 Nov, the day version 8 went live: 31.2 % (3,412 generations, 1,180 persons) against 36.0 % in the 28 days from 6 Oct to 2 Nov; not a comparison.',
  ],
  [
    { ...fallen, deployment: 'version 8', deployed_on: '2026-11-01' },
    'summarise has fallen since 3 Nov, 2 days after version 8 went live: 31.2 % (3,412 generations, 1,180 persons) against 36.0 % in the 28 days from 6 Oct to 2 Nov; not a comparison.',
  ],
  [
    { ...fallen, deployment: 'model gpt-x 2026-10', deployed_on: '2026-11-04' },
    'summarise has fallen since 3 Nov, 1 day before model gpt-x 2026-10 went live: 31.2 % (3,412 generations, 1,180 persons) against 36.0 % in the 28 days from 6 Oct to 2 Nov; not a comparison.',
  ],
  [
    { ...fallen, prompt_version: '8', surface: 'editor' },
    'summarise version 8 on editor has fallen since 3 Nov: 31.2 % (3,412 generations, 1,180 persons) against 36.0 % in the 28 days from 6 Oct to 2 Nov; not a comparison.',
  ],
  [
    { ...fallen, prompt_id: '', n: 0 },
    'The rate of answers without a prompt has fallen since 3 Nov: nothing is final yet against 36.0 % in the 28 days from 6 Oct to 2 Nov; not a comparison.',
  ],
  [
    steady,
    'summarise is steady up to 20 Nov: 35.8 % (3,412 generations, 1,180 persons) in the last 7 days against 36.0 % in the 28 days from 6 Oct to 2 Nov; no fall is seen.',
  ],
  [
    { ...steady, from_day: '2026-11-20', n: 1, persons: 1 },
    'summarise is steady up to 20 Nov: 35.8 % (1 generation, 1 person) on 20 Nov against 36.0 % in the 28 days from 6 Oct to 2 Nov; no fall is seen.',
  ],
  [
    collecting,
    'summarise is still collecting: 12 more days of enough people, at least 240 persons in all, are needed before a fall could be seen; 35.8 % (3,412 generations, 1,180 persons) in the last 7 days.',
  ],
  [
    { ...collecting, days_needed: 1, persons_needed: 20, n: 0 },
    'summarise is still collecting: 1 more day of enough people, at least 20 persons in all, is needed before a fall could be seen; nothing is final yet.',
  ],
];

function check(row: DriftState, sentence: string): void {
  expect(driftSentence(row)).toBe(sentence);
}

test('each state says what it knows, of which days, with generations and persons', () => {
  for (const [row, sentence] of cases) check(row, sentence);
});

test('no sentence says worse or better, and only a fall says that it is no comparison', () => {
  for (const [row] of cases) {
    const sentence = driftSentence(row);
    expect(sentence).not.toMatch(/worse|better|lower than|higher than/);
    expect(sentence.endsWith('; not a comparison.')).toBe(row.state === 'fallen');
  }
});
