// What the page says of the last events received.
import { expect, test } from 'vitest';
import { recentEvents, type RecentReadings } from '../../../../../services/reporter/web/recent-events.js';

const NOW = Date.UTC(2026, 10, 24, 12);

function said(readings: Partial<RecentReadings>): string {
  return recentEvents({ recent: [], lastStored: 0, ...readings }, NOW)
    .markup.replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

test('nothing yet is said in words', () => {
  expect(said({})).toContain('Nothing has been stored yet.');
});

test('events of long ago are said to be that', () => {
  expect(said({ lastStored: NOW - 5 * 3_600_000 })).toMatch(
    /Last stored 5 h ago \. None about an answer made in the last 2 hours\./,
  );
});

test('the newest events stand with their version and whether they were signed', () => {
  const event = {
    receivedAt: NOW - 2000,
    type: 'copy',
    promptId: 'p',
    promptVersion: '7',
    model: '',
    modelVersion: '',
    trusted: false,
  };
  expect(said({ recent: [event], lastStored: NOW })).toMatch(/11:59:58 copy p 7 – no/);
});
