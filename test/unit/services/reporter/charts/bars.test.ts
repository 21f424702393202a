// Bars: intervals, buckets, shares. Facts about their markup.
import { describe, expect, test } from 'vitest';
import { BUCKET_LABEL_CHARS_MAX, bucketBars, shareBar } from '../../../../../services/reporter/charts/bucket-bars.js';
import { PAGE_LOOK, REPORT_LOOK, intervalBar } from '../../../../../services/reporter/charts/interval-bar.js';
import { HOSTILE_NAME } from '../../../../support/report-fixture.js';

describe.each([
  ['a page', PAGE_LOOK],
  ['a report', REPORT_LOOK],
])('an interval bar of %s', (_where, look) => {
  test('has its point and its band, and says both', () => {
    const { markup } = intervalBar({ rate: 0.3825, low: 0.36, high: 0.41 }, look);
    expect(markup).toContain('aria-label="38.3 %, 95 % interval 36.0 % to 41.0 %"');
    expect(markup).toContain('cx="38.25%"');
    expect(markup).toMatch(/x="36%"\s+y="[57]"\s+width="5%"/);
  });

  test('has no band without persons, and says nothing without a rate', () => {
    const one = intervalBar({ rate: 0, low: null, high: null }, look).markup;
    expect(one).toContain('0.0 %, no interval: it takes two persons');
    expect(one).toContain('cx="0%"');
    expect(one).not.toContain('height="10"');
    const none = intervalBar({ rate: null, low: null, high: null }, look).markup;
    expect(none).toContain('aria-hidden="true"');
    expect(none).not.toMatch(/circle|NaN/);
    expect(intervalBar({ rate: 1, low: 1, high: 1 }, look).markup).toMatch(/width="0%"/);
  });
});

test('an interval bar brings its colours along in a report, and takes those of the style sheet on a page', () => {
  const bar = { rate: 0.5, low: 0.4, high: 0.6 };
  expect(intervalBar(bar, PAGE_LOOK).markup).not.toMatch(/fill=|stroke=|height="20"/);
  expect(intervalBar(bar, REPORT_LOOK).markup.match(/(fill|stroke)="/g)).toHaveLength(6);
});

test('bucket bars print each label, count and share, and say them', () => {
  const { markup } = bucketBars({
    title: 'Why ignored',
    buckets: [
      { label: 'left the page', generations: 1500 },
      { label: 'no sign of why', generations: 500 },
      { label: 'typed on', generations: 0 },
    ],
  });
  expect(markup).toContain(
    'aria-label="Why ignored, 2,000 in all. left the page 1,500 · 75.0 %; no sign of why 500 · 25.0 %; typed on 0 · 0.0 %."',
  );
  expect(markup.match(/<rect/g)).toHaveLength(5);
  expect(markup).toContain('width="33.33%"');
});

test('bucket bars of nothing say so and divide by nothing', () => {
  for (const buckets of [[], [{ label: 'left', generations: 0 }]]) {
    const { markup } = bucketBars({ title: 'Why ignored', buckets });
    expect(markup).toContain('aria-label="Why ignored. None."');
    expect(markup).not.toMatch(/NaN|Infinity/);
  }
});

test('a long label is cut in the drawing and whole in the words; a name stays text', () => {
  const drawn = (label: string) => bucketBars({ title: 'Why', buckets: [{ label, generations: 1 }] }).markup;
  const whole = 'x'.repeat(BUCKET_LABEL_CHARS_MAX);
  expect(drawn(whole)).toContain(`>${whole}</text>`);
  expect(drawn(`${whole}x`)).toContain(`>${whole.slice(1)}…</text>`);
  expect(drawn(`${whole}x`)).toContain(`${whole}x 1`);
  expect(drawn(HOSTILE_NAME)).not.toContain('<img');
});

test('a share bar is hidden from readers: its number stands beside it', () => {
  expect(shareBar(0.3).markup).toContain('aria-hidden="true"');
  expect(shareBar(0.3).markup).toContain('width="30%"');
  expect(shareBar(0).markup.match(/<rect/g)).toHaveLength(1);
});
