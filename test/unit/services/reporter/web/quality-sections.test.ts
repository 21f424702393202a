// What the data quality page says: shares with their limits, drops with their remedies, freshness, deliveries of reports.
import { describe, expect, test } from 'vitest';
import { DROP_REASONS } from '../../../../../shared/contract/drop-reasons.js';
import { NO_COUNTS } from '../../../../../services/reporter/figures/quality-shares.js';
import type { ReportTargetState } from '../../../../../services/reporter/reports/target-states.js';
import type { Html } from '../../../../../services/reporter/web/html.js';
import { dropsSection } from '../../../../../services/reporter/web/quality-drops.js';
import { freshnessList } from '../../../../../services/reporter/web/quality-freshness.js';
import { reportsCard } from '../../../../../services/reporter/web/quality-reports-card.js';
import { shareTrends, sharesSection } from '../../../../../services/reporter/web/quality-shares-section.js';
import { dropWords } from '../../../../../services/reporter/web/quality-words.js';

const NOW = Date.UTC(2026, 10, 24, 12);

function said(markup: Html): string {
  return markup.markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('shares', () => {
  test('stand with what they are shares of, their limit, and what to do', () => {
    const text = said(sharesSection({ ...NO_COUNTS, shown: 960, orphan: 40, mature: 10, late: 0 }));
    expect(text).toContain('Orphans 4.0 % 40 of 1,000 answers shown or acted on at most 2.0 % above it');
    expect(text).toContain('Late 0.0 % 0 of 10 mature answers at most 5.0 % Something came after');
    expect(text).toContain('Sessions only none yet');
  });
  test('of nothing are said to be that', () => {
    expect(said(sharesSection(NO_COUNTS))).toBe(
      'Nothing is known of answers in this period yet, so there is nothing to doubt.',
    );
    expect(said(shareTrends([]))).toContain('No day of this period has anything to show yet.');
  });
  test('by day are drawn one beside the other, and those without any day are left out', () => {
    const counts = { ...NO_COUNTS, shown: 10, orphan: 1 };
    const markup = shareTrends([
      { day: '2026-11-20', counts },
      { day: '2026-11-21', counts },
    ]).markup;
    expect(markup.match(/class="share-chart"/g)?.length).toBe(5);
    expect(markup).toContain('Orphans by day: 9.1 % on 21 Nov');
    expect(markup).not.toContain('Sessions only');
  });
});

describe('drops', () => {
  test('stand with their code, what it means and what to do', () => {
    const text = said(dropsSection([{ reason: 'token_expired', events: 1200 }], 0));
    expect(text).toContain(
      'Token has expired token_expired 1,200 The event happened after the generation token expired.',
    );
    expect(text).toContain('Sign with a later "exp"'.replaceAll('"', '&quot;'));
    expect(text).toContain('Every event that was taken in the last 24 hours could be stored.');
  });
  test('have a meaning and a remedy for every reason of the closed list', () => {
    for (const reason of DROP_REASONS) {
      const words = dropWords(reason);
      expect(words?.means.length, reason).toBeGreaterThan(10);
      expect(words?.todo.length, reason).toBeGreaterThan(10);
    }
    expect(dropWords('made_up')).toBeUndefined();
    expect(said(dropsSection([{ reason: '<made up>', events: 1 }], 0))).toContain('&lt;made up&gt;');
  });
  test('of nothing are said to be none, and dead letters are a warning with what to do', () => {
    const text = said(dropsSection([], 1));
    expect(text).toContain('No event was refused in the last 24 hours.');
    expect(text).toContain('1 event of the last 24 hours could not be stored.');
    expect(text).toContain('it is kept as it came, with the reason, in the table dead_letters');
  });
});

describe('freshness', () => {
  const status = { lastLookAt: NOW - 2000, waiting: 0, failingSince: 0 };
  const facts = { lastStored: NOW - 5000, asOf: NOW - 60_000, status, scheduled: true };
  test('says when the newest event was stored, figures were judged and the roll-up looked', () => {
    expect(said(freshnessList(facts, NOW))).toBe(
      'Newest event stored 2026-11-24 11:59:55 UTC , 5 s ago Figures judged as of 2026-11-24 11:59:00 UTC , 60 s ago Roll-up Up to date. Last look 2026-11-24 11:59:58 UTC , 2 s ago .',
    );
  });
  test('says what is missing and what is wrong', () => {
    expect(said(freshnessList({ ...facts, lastStored: 0, asOf: 0 }, NOW))).toContain(
      'Newest event stored Never. Figures judged as of No figures in this period yet.',
    );
    expect(said(freshnessList({ ...facts, scheduled: false }, NOW))).toContain('Off: figures stand still');
    expect(said(freshnessList({ ...facts, status: { ...status, failingSince: NOW - 1000 } }, NOW))).toContain(
      'Failing since 2026-11-24 11:59:59 UTC: figures stand still.',
    );
    expect(said(freshnessList({ ...facts, status: { ...status, waiting: 3 } }, NOW))).toContain(
      'Catching up: 3 days to go.',
    );
    expect(said(freshnessList({ ...facts, status: { ...status, lastLookAt: 0 } }, NOW))).toContain(
      'Has not looked yet.',
    );
  });
});

describe('deliveries of reports', () => {
  const state: ReportTargetState = {
    project: 'shop',
    report: 'weekly',
    target: 'slack:team',
    status: 'sent',
    detail: '',
    at: NOW - 3 * 3_600_000,
    sent: 2,
    open: 0,
  };
  test.each([
    [{}, 'weekly to team slack last 3 h ago 2 reports'],
    [{ status: 'failed', detail: 'answered 410' }, 'does not take reports: answered 410, 3 h ago'],
    [{ status: 'abandoned', detail: 'answered 503' }, 'does not take reports: answered 503'],
    [{ status: 'waiting', detail: 'answered 500', open: 1 }, '1 report waiting: answered 500, 3 h ago'],
    [{ status: 'unknown', detail: 'the process stopped', open: 1 }, '1 report waiting'],
    [{ status: 'sending', open: 1 }, '1 report on the way'],
  ] as const)('in the state %j say so', (differences, words) => {
    expect(said(reportsCard([{ ...state, ...differences }], NOW))).toContain(words);
  });
  test('are none where no report was due', () => {
    expect(said(reportsCard([], NOW))).toBe('Reports last 30 days No report was due.');
  });
});
