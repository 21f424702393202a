// What is told as different since the report before, and what must not be told.
import { describe, expect, test } from 'vitest';
import { changesSince, CHANGES_MAX } from '../../../../../../services/reporter/reports/sections/changes.js';
import { NAMED_MAX } from '../../../../../../services/reporter/reports/sections/rate-changes.js';
import type {
  Standing,
  StandingComparison,
  StandingRate,
} from '../../../../../../services/reporter/reports/standing.js';
import { standingWith } from '../../../../../support/reading-parts.js';

const slot = '2026-11-09T06:00:00.000Z';
const NOTHING = 'Nothing has changed that a report tells of.';

function rate(over: Partial<StandingRate> = {}): StandingRate {
  const keys = { promptId: 'summarise', promptVersion: '8', model: 'gpt-x', modelVersion: '10', metricVersion: 'm-1' };
  return { ...keys, rate: 0.4, low: 0.35, high: 0.45, mature: 400, persons: 80, shown: 420, ...over };
}

function rates(...all: readonly StandingRate[]): Partial<Standing> {
  return { rates: [...all], ratesTotal: all.length };
}

function comparison(verdict: string, over: Partial<StandingComparison> = {}): Partial<Standing> {
  const one = { id: 'c1', subject: 'summarise: version 8 against version 7', verdict, direction: '', randomised: true };
  return { comparisons: [{ ...one, ...over }], comparisonsTotal: 1 };
}

const WINDOW = { from: '2026-11-02', to: '2026-11-09', days: 7 };

function sinceLast(before: Partial<Standing> | undefined, now: Partial<Standing>) {
  const covered = { prompts: [], window: WINDOW };
  const previous = before === undefined ? undefined : { slot, standing: standingWith(before), ...covered };
  return changesSince(previous, { standing: standingWith(now), ...covered });
}

function changed(before: Partial<Standing>, now: Partial<Standing>): string[] {
  return sinceLast(before, now).items.map(({ sentence }) => sentence);
}

test('without a report before, that is said', () => {
  expect(sinceLast(undefined, {})).toEqual({
    since: null,
    items: [{ tone: 'neutral', sentence: 'There is no report before this one to compare with.' }],
  });
});

test('when nothing is different, that is said', () => {
  const same = { ...rates(rate()), ...comparison('worse') };
  expect(sinceLast(same, same)).toEqual({
    since: slot,
    items: [{ tone: 'neutral', sentence: NOTHING }],
  });
});

describe('verdicts', () => {
  test.each([
    ['is new', {}, comparison('worse'), ['summarise: version 8 against version 7: worse (new verdict).']],
    [
      'comes after not enough evidence',
      comparison('not_enough_evidence'),
      comparison('better'),
      ['summarise: version 8 against version 7: better (new verdict).'],
    ],
    [
      'has turned',
      comparison('worse'),
      comparison('better'),
      ['summarise: version 8 against version 7: better (was worse).'],
    ],
    [
      'is taken back',
      comparison('worse'),
      comparison('not_enough_evidence'),
      ['summarise: version 8 against version 7: not enough evidence yet (was worse).'],
    ],
    [
      'has ended',
      comparison('higher', { randomised: false }),
      {},
      ['summarise: version 8 against version 7: no longer compared (was higher, not randomised).'],
    ],
    ['never spoke', comparison('not_enough_evidence'), comparison('cannot_compare'), [NOTHING]],
    ['never spoke and has ended', comparison('before_after'), {}, [NOTHING]],
  ])('one that %s', (_, before, now, expected) => {
    expect(changed(before, now)).toEqual(expected);
  });
  test('carry the tone of the verdict alone', () => {
    const tones = (verdict: string) => sinceLast({}, comparison(verdict)).items[0]?.tone;
    expect([tones('worse'), tones('better'), tones('lower'), tones('no_large_drop')]).toEqual([
      'worse',
      'better',
      'neutral',
      'neutral',
    ]);
  });
  test('are not said to have ended where some were not read', () => {
    expect(changed(comparison('worse'), { comparisonsTotal: 501 })).toEqual([
      'Comparisons that ended are not listed: there are too many.',
    ]);
  });
  test.each([CHANGES_MAX, CHANGES_MAX + 1])('%i of them: beyond the limit the rest is counted', (n) => {
    const all = Array.from({ length: n }, (_, i) => ({
      ...(comparison('worse').comparisons?.[0] as StandingComparison),
      id: `c${i}`,
    }));
    const said = changed({}, { comparisons: all, comparisonsTotal: n });
    expect(said).toHaveLength(n);
    if (n > CHANGES_MAX) expect(said.at(-1)).toBe('1 more changed verdict.');
  });
});

test('falls that are new and falls that are over are told', () => {
  const fall = { falls: [{ id: 'w1', subject: 'summarise', since: '2026-11-03' }] };
  expect(changed({}, fall)).toEqual(['summarise has fallen since 2026-11-03; not a comparison.']);
  expect(changed(fall, {})).toEqual(['summarise: the fall that the last report told of is over.']);
  expect(changed(fall, fall)).toEqual([NOTHING]);
  expect(changed({ ...fall, fallsTotal: 1 }, {})).toHaveLength(1);
  const tooMany = ['Falls that began or are over are not listed: there are too many.'];
  expect(changed({ ...fall, fallsTotal: 2 }, {})).toEqual(tooMany);
  expect(changed({}, { ...fall, fallsTotal: 2 })).toEqual(tooMany);
});

describe('rates', () => {
  test.each([
    ['touch', { low: 0.45, high: 0.55 }, 1],
    ['lie apart, above', { rate: 0.5, low: 0.451, high: 0.55 }, 0],
    ['lie apart, below', { rate: 0.3, low: 0.25, high: 0.349 }, 0],
    ['have no interval', { low: null, high: null }, 1],
    ['are measured otherwise', { low: 0.9, high: 0.95, metricVersion: 'm-2' }, 1],
  ])('whose intervals %s', (_, over, unchanged) => {
    const said = changed(rates(rate()), rates(rate(over)));
    expect(said.filter((each) => each === NOTHING)).toHaveLength(unchanged);
    expect(said.join(' ')).not.toMatch(/\b(worse|better)\b/);
  });
  test('that lie apart are told with both figures, and that this is no test', () => {
    expect(changed(rates(rate()), rates(rate({ rate: 0.3, low: 0.25, high: 0.34 })))).toEqual([
      'summarise version 8 with gpt-x 10 is outside its last interval: 30.0 % (95 % 25.0 % to 34.0 %, 400 generations, 80 persons), in the last report 40.0 % (95 % 35.0 % to 45.0 %, 400 generations, 80 persons). Two intervals apart are no test, and this is before and after.',
    ]);
  });
});

describe('versions and models', () => {
  test('that came and went are named', () => {
    expect(changed(rates(rate()), rates(rate({ promptVersion: '9', modelVersion: '11' })))).toEqual([
      'New in this window: prompt version summarise 9.',
      'No longer shown in this window: prompt version summarise 8.',
      'New in this window: model gpt-x 11.',
      'No longer shown in this window: model gpt-x 10.',
    ]);
  });
  test('without a name, or with nothing shown, are none', () => {
    const unnamed = rate({ promptVersion: '', model: '', modelVersion: '' });
    expect(changed({}, rates(unnamed, rate({ shown: 0 })))).toEqual([NOTHING]);
  });
  test.each([
    [NAMED_MAX, 'p 5'],
    [NAMED_MAX + 1, '1 more'],
  ])('%i of them end with %s', (n, end) => {
    const all = Array.from({ length: n }, (_, i) => rate({ promptId: 'p', promptVersion: String(i), model: '' }));
    expect(changed({}, rates(...all))).toEqual([
      expect.stringMatching(new RegExp(`^New in this window: .* and ${end}\\.$`)),
    ]);
  });
  test('are not listed where a report left some out', () => {
    expect(changed({ ...rates(rate()), ratesTotal: 201 }, rates(rate({ promptVersion: '9' })))).toEqual([
      'Versions and models that came or went are not listed: there are too many combinations.',
    ]);
  });
});

test('limits of data quality that were crossed are told, both ways', () => {
  expect(changed({ warnings: ['late', 'drops'] }, { warnings: ['drops', 'orphans', 'forced'] })).toEqual([
    'Data quality, new: events are lost (acted on without being shown) and many generations count as shown without having been seen.',
    'Data quality, no longer: many events come after the outcome is final.',
  ]);
});

test.each([
  ['other prompts', { prompts: ['a'], window: WINDOW }, false],
  ['another number of days', { prompts: [], window: { ...WINDOW, days: 28 } }, false],
  ['the same number of days', { prompts: [], window: { from: '2026-10-26', to: '2026-11-02', days: 7 } }, true],
])('a report before over %s', (_, covered, compared) => {
  const previous = { slot, standing: standingWith(), ...covered };
  const now = { standing: standingWith(comparison('worse')), prompts: [], window: WINDOW };
  const said = changesSince(previous, now).items.map(({ sentence }) => sentence);
  expect(said).toEqual([
    compared
      ? 'summarise: version 8 against version 7: worse (new verdict).'
      : 'The report before this one covered other prompts or another number of days: they are not compared.',
  ]);
});
