// Token buckets: what is taken, how long to wait, and what a new projects file changes.
import { describe, expect, it } from 'vitest';
import { RateLimits, TokenBucket } from '../../../../services/collector/rate-limit.js';

const rate = { eventsPerSecond: 10, burst: 100 };

describe('a token bucket', () => {
  it('gives its burst at once, not one more, and says how long to wait', () => {
    const bucket = new TokenBucket(rate, 0);
    expect(bucket.take(100, 0)).toBe(0);
    expect(bucket.take(1, 0)).toBe(100);
    expect(bucket.take(1, 99)).toBeCloseTo(1);
    expect(bucket.take(1, 100)).toBe(0);
  });

  it('takes nothing when it refuses', () => {
    const bucket = new TokenBucket(rate, 0);
    bucket.take(95, 0);
    expect(bucket.take(6, 0)).toBe(100);
    expect(bucket.take(5, 0)).toBe(0);
  });

  it('never holds more than its burst', () => {
    const bucket = new TokenBucket(rate, 0);
    expect(bucket.take(100, 1e9)).toBe(0);
    expect(bucket.take(1, 1e9)).toBeGreaterThan(0);
  });

  it('lets a batch larger than the burst pass once it is full, and is in debt afterwards', () => {
    const bucket = new TokenBucket(rate, 0);
    expect(bucket.take(150, 0)).toBe(0);
    expect(bucket.take(0, 0)).toBe(5000);
    expect(bucket.take(150, 10_000)).toBe(5000);
    expect(bucket.take(150, 15_000)).toBe(0);
  });

  it('stands still when its clock goes back', () => {
    const bucket = new TokenBucket(rate, 1000);
    bucket.take(100, 1000);
    expect(bucket.take(1, 0)).toBe(100);
  });
});

describe('the buckets of all keys', () => {
  it('outlive a new projects file and take its rate', () => {
    const limits = new RateLimits(() => 0);
    limits.bucket('a', rate).take(100, 0);
    const same = limits.bucket('a', { eventsPerSecond: 1000, burst: 100 });
    expect(same.take(1, 0)).toBe(1);
  });

  it('are forgotten with their key', () => {
    const limits = new RateLimits(() => 0);
    limits.bucket('a', rate).take(100, 0);
    limits.keepOnly(new Set(['b']));
    expect(limits.bucket('a', rate).take(100, 0)).toBe(0);
  });
});
