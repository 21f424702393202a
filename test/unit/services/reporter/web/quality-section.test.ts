// What the panel says that answers "is it working?".
import { expect, test } from 'vitest';
import type { Cells } from '../../../../../services/reporter/figures/cells.js';
import { qualitySection, type Quality } from '../../../../../services/reporter/web/quality-section.js';

const NOW = Date.UTC(2026, 10, 24, 12);
const none: Cells = { cells: [], total: 0, asOf: 0 };

function said(quality: Partial<Quality>): string {
  const whole: Quality = { drops: [], deadLetters: 0, recent: [], lastStored: 0, alerts: [], ...quality };
  return qualitySection(whole, none, [], NOW)
    .markup.replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

test('nothing yet is said in words', () => {
  const text = said({});
  expect(text).toContain('Nothing has been stored yet.');
  expect(text).toContain('No event was refused.');
  expect(text).not.toContain('could not be stored');
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

test('drops stand with their reason in words and as its code, dead letters as a warning', () => {
  const text = said({ drops: [{ reason: 'too_old', events: 1200 }], deadLetters: 1 });
  expect(text).toMatch(/Generation is too old too_old\s+1,200/);
  expect(text).toContain('1 event could not be stored and can be replayed.');
});
