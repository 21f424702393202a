// Edits, ignores, decision times and ratings: counts in, sections out.
import { describe, expect, test } from 'vitest';
import { timeWords, TIME_BUCKETS } from '../../../../../../services/reporter/reports/sections/bucket-words.js';
import { decisionsSection, timeAt } from '../../../../../../services/reporter/reports/sections/decisions.js';
import { editsSection } from '../../../../../../services/reporter/reports/sections/edits.js';
import { ignoresSection } from '../../../../../../services/reporter/reports/sections/ignores.js';
import { LABELS_MAX, ratingsSection } from '../../../../../../services/reporter/reports/sections/ratings.js';
import type { Signal, SignalRow } from '../../../../../../services/reporter/reports/sections/read-signals.js';
import { emptyRow, levelRow } from '../../../../../support/report-parts.js';

function row(signal: Signal, bucket: string, generations: number, over: Partial<SignalRow> = {}): SignalRow {
  return { signal, bucket, generations, retained: 0, valueSum: 0, ...over };
}

describe('edits', () => {
  test('give every size, and the mean of what was kept', () => {
    const rows = [
      row('edit_size', '0.9', 6, { valueSum: 5.7 }),
      row('edit_size', '0.3', 2, { valueSum: 0.7 }),
      row('rating', '0.9', 99),
    ];
    const section = editsSection(rows, [levelRow()]);
    expect([section.edited, section.meanSimilarity, section.taken, section.mature]).toEqual([8, 0.8, 40, 100]);
    expect(section.sizes.map(({ bucket, generations }) => [bucket, generations])).toEqual([
      ['0.3', 2],
      ['0.4', 0],
      ['0.5', 0],
      ['0.6', 0],
      ['0.7', 0],
      ['0.8', 0],
      ['0.9', 6],
    ]);
    expect(section.sizes.at(-1)?.label).toBe('90 to 100 % kept');
  });
  test('that are small enough to be rejections by default are listed where a project counts them', () => {
    const { sizes } = editsSection([row('edit_size', '0.1', 2), row('edit_size', '0.9', 1)], [levelRow()]);
    expect(sizes.map(({ bucket }) => bucket)).toEqual(['0.1', '0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9']);
  });
  test('give retention of all, of those measured, and how many are', () => {
    const section = editsSection([row('retention', '2m', 20, { retained: 15 })], [levelRow()]);
    expect(section.retention[1]).toEqual({
      after: '2 minutes',
      measured: 20,
      retained: 15,
      ofMature: 0.15,
      ofMeasured: 0.75,
      coverage: 0.5,
    });
    expect(section.retention[0]).toMatchObject({ measured: 0, ofMature: null, ofMeasured: null, coverage: 0 });
  });
  test('over nothing are zeros and no shares', () => {
    const section = editsSection([], [emptyRow()]);
    expect([section.edited, section.meanSimilarity, section.retention[0]?.coverage]).toEqual([0, null, null]);
  });
});

test('ignores give what was seen last, most first', () => {
  const section = ignoresSection([row('ignore_reason', 'left', 3), row('ignore_reason', 'typed_on', 5)]);
  expect(section).toEqual({
    ignored: 8,
    reasons: [
      { bucket: 'typed_on', label: 'The person typed on', generations: 5 },
      { bucket: 'left', label: 'The person left the page', generations: 3 },
    ],
  });
  expect(ignoresSection([])).toEqual({ ignored: 0, reasons: [] });
});

describe('times to decide', () => {
  /** Decisions by bucket -> counts in the order of the buckets. */
  const counts = (given: Readonly<Record<string, number>>) => TIME_BUCKETS.map((bucket) => given[bucket] ?? 0);
  test.each([
    ['nothing', {}, 0.5, null],
    ['half of the first bucket lies at half a second', { 1: 4 }, 0.5, 0.5],
    ['half of 1 to 2 seconds lies at the square root of 2', { 2: 4 }, 0.5, 1.414213562],
    ['a quantile at the end of a bucket is that end', { 2: 5, 10: 5 }, 0.5, 2],
    ['one just above it begins at the next bucket with decisions', { 2: 5, 10: 5 }, 0.6, 5.743491775],
    ['all of 10 to 30 seconds, nine tenths of the way', { 30: 10 }, 0.9, 26.878753795],
    ['beyond the last bucket nothing is known', { 1: 1, more: 3 }, 0.5, null],
  ] as const)('%s', (_, given, q, expected) => {
    expect(timeAt(counts(given), q)).toBe(expected);
  });
  test('stand with median and nine tenths', () => {
    const section = decisionsSection([row('decide_time', '2', 4), row('decide_time', 'more', 1)]);
    expect(section).toMatchObject({ decided: 5, p90S: null });
    expect(section.medianS).toBeCloseTo(2 ** 0.625, 9);
    expect(section.times).toHaveLength(TIME_BUCKETS.length);
    expect(decisionsSection([])).toMatchObject({ decided: 0, medianS: null, p90S: null });
  });
  test.each([
    ['1', 'up to 1 second'],
    ['30', '10 seconds to 30 seconds'],
    ['1800', '5 minutes to 30 minutes'],
    ['86400', '6 hours to 24 hours'],
    ['more', 'more than 24 hours'],
    ['odd', 'odd'],
  ])('bucket %s is %s', (bucket, words) => {
    expect(timeWords(bucket)).toBe(words);
  });
});

describe('ratings', () => {
  test('stand beside what was shown', () => {
    expect(ratingsSection([row('rating', 'up', 3), row('rating', '', 1)], [levelRow(), levelRow()])).toEqual({
      rated: 4,
      shown: 240,
      labels: [
        { bucket: 'up', label: 'up', generations: 3 },
        { bucket: '', label: 'Without a name', generations: 1 },
      ],
    });
  });
  test.each([
    [LABELS_MAX, LABELS_MAX],
    [LABELS_MAX + 1, LABELS_MAX + 1],
    [LABELS_MAX + 50, LABELS_MAX + 1],
  ])('%i labels are %i buckets, and nothing is lost', (n, buckets) => {
    const rows = Array.from({ length: n }, (_, i) => row('rating', `label-${i}`, 1 + i));
    const { labels, rated } = ratingsSection(rows, []);
    expect(labels).toHaveLength(buckets);
    expect(labels.reduce((sum, { generations }) => sum + generations, 0)).toBe(rated);
  });
  test('a label that is a name of JavaScript is a label', () => {
    expect(ratingsSection([row('rating', 'constructor', 1)], []).labels[0]?.label).toBe('constructor');
  });
});
