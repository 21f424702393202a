// What the page says about alerts: by target, how the newest one ended.
import { expect, test } from 'vitest';
import type { TargetState } from '../../../../../services/reporter/alerts/ledger.js';
import { alertsCard } from '../../../../../services/reporter/web/alerts-card.js';

const NOW = Date.parse('2026-11-24T12:00:00Z');

function said(differences: Partial<TargetState> | undefined): string {
  const state: TargetState = {
    project: 'shop',
    target: 'slack:team',
    status: 'sent',
    detail: '',
    at: NOW - 3 * 3_600_000,
    sent: 2,
    open: 0,
    ...differences,
  };
  return String(alertsCard(['slack:team'], differences === undefined ? [] : [state], NOW))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

test('a project without targets has no card', () => {
  expect(alertsCard([], [], NOW)).toBe(false);
});

test('each state has its words, with the reason where something is wrong', () => {
  const head = 'Alerts last 30 days team slack';
  expect(said(undefined)).toBe(`${head} nothing to tell 0 alerts`);
  expect(said({})).toBe(`${head} last 3 h ago 2 alerts`);
  expect(said({ status: 'failed', detail: 'answered 410', sent: 1 })).toBe(
    `${head} does not take alerts: answered 410, 3 h ago 1 alert`,
  );
  expect(said({ status: 'abandoned', detail: 'answered 503; given up after 10 attempts', sent: 0 })).toContain(
    'does not take alerts: answered 503; given up after 10 attempts',
  );
  expect(said({ status: 'waiting', detail: 'answered 500', open: 2 })).toContain(
    '2 alerts waiting: answered 500, 3 h ago',
  );
  expect(said({ status: 'unknown', detail: 'the process stopped during the attempt', open: 1 })).toContain(
    '1 alert waiting',
  );
  expect(said({ status: 'sending', open: 1 })).toContain('1 alert on the way');
  expect(said({ status: 'claimed', open: 1 })).toContain('1 alert on the way');
});

test('a target that is not configured any more is not shown', () => {
  const gone: TargetState = {
    project: 'shop',
    target: 'slack:gone',
    status: 'failed',
    detail: 'x',
    at: NOW,
    sent: 0,
    open: 0,
  };
  expect(String(alertsCard(['slack:team'], [gone], NOW))).not.toContain('gone');
});
