// What is to be done about alerts, from the ledger and the events alone.
import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../../../../services/reporter/alerts/ledger.js';
import { EVENT_AGE_DAYS_MAX, planDeliveries, type Situation } from '../../../../../services/reporter/alerts/plan.js';
import { ATTEMPTS_MAX } from '../../../../../services/reporter/deliver/retries.js';
import type { AlertTarget } from '../../../../../shared/contract/alert-targets.js';
import { numberedEvent } from '../../../../support/alerts.js';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const SLACK: AlertTarget = { kind: 'slack', name: 'team', url: { env: 'SLACK_URL' } };
const MAIL: AlertTarget = { kind: 'email', name: 'team', to: 'team@example.com' };

function plan(differences: Partial<Situation>) {
  const projects = [{ id: 'shop', alerts: { targets: [SLACK, MAIL] } }];
  return planDeliveries({ events: [], projects, ledger: [], now: NOW, owner: 'me', ...differences });
}

function entry(differences: Partial<LedgerEntry>): LedgerEntry {
  return {
    project_id: 'shop',
    alert_id: 'a',
    target: 'slack:team',
    status: 'claimed',
    attempt: 0,
    retryAt: NOW,
    done: false,
    content: '{}',
    ...differences,
  };
}

describe('an event', () => {
  test('is claimed for every target of its project and due at once', () => {
    const { rows, due } = plan({ events: [numberedEvent(1, '2026-11-24')] });
    expect(rows.map(({ target, status, attempt }) => [target, status, attempt])).toEqual([
      ['slack:team', 'claimed', 0],
      ['email:team', 'claimed', 0],
    ]);
    expect(due.map(({ target, attempt }) => [target, attempt])).toEqual([
      ['slack:team', 1],
      ['email:team', 1],
    ]);
    expect(due.map(({ content }) => content)).toEqual(rows.map(({ content }) => content));
  });

  test('that is in the ledger for a target, whatever became of it, is claimed for the others only', () => {
    const event = numberedEvent(1, '2026-11-24');
    for (const status of ['sent', 'failed', 'abandoned', 'skipped'] as const) {
      const ledger = [entry({ alert_id: event.alert.id, status, done: true })];
      const { rows, due } = plan({ events: [event, event], ledger });
      expect([rows, due].map((all) => all.map(({ target }) => target))).toEqual([['email:team'], ['email:team']]);
    }
  });

  test('of a project without targets, or of one that is not in the file, goes nowhere', () => {
    const events = [numberedEvent(1, '2026-11-24')];
    expect(plan({ events, projects: [{ id: 'shop', alerts: { targets: [] } }] })).toEqual({ rows: [], due: [] });
    expect(plan({ events, projects: [] })).toEqual({ rows: [], due: [] });
  });

  test('is sent up to its greatest age in days, and skipped with a reason one day past it', () => {
    const dayBefore = (days: number) => new Date(NOW - days * 86_400_000).toISOString().slice(0, 10);
    const at = plan({ events: [numberedEvent(1, dayBefore(EVENT_AGE_DAYS_MAX))] });
    expect(at.rows.map(({ status }) => status)).toEqual(['claimed', 'claimed']);
    const past = plan({ events: [numberedEvent(1, dayBefore(EVENT_AGE_DAYS_MAX + 1))] });
    expect(past.rows.map(({ status }) => status)).toEqual(['skipped', 'skipped']);
    expect(past.rows[0]?.detail).toBe('it is 8 days old, and alerts are sent about the last 7 days');
    expect(past.due).toEqual([]);
  });
});

describe('a delivery that is not done', () => {
  function check(differences: Partial<LedgerEntry>, statuses: string[], attempts: number[]): void {
    const { rows, due } = plan({ ledger: [entry(differences)] });
    expect(rows.map(({ status }) => status)).toEqual(statuses);
    expect(due.map(({ attempt }) => attempt)).toEqual(attempts);
  }

  test('is due from its time on, with the next attempt', () => {
    check({ status: 'claimed' }, [], [1]);
    check({ status: 'waiting', attempt: 3, retryAt: NOW }, [], [4]);
    check({ status: 'waiting', attempt: 3, retryAt: NOW + 1 }, [], []);
  });

  test('is repeated at once when a process died during an attempt, which the ledger then says', () => {
    check({ status: 'sending', attempt: 2 }, ['unknown'], [3]);
    check({ status: 'unknown', attempt: 2 }, [], [3]);
    check({ status: 'sending', attempt: ATTEMPTS_MAX - 1 }, ['unknown'], [ATTEMPTS_MAX]);
  });

  test('is given up when even the last attempt has no certain end', () => {
    check({ status: 'sending', attempt: ATTEMPTS_MAX }, ['unknown', 'abandoned'], []);
  });

  test('is given up when its target left the file, and left alone when the whole project is not known here', () => {
    check({ target: 'slack:gone' }, ['abandoned'], []);
    check({ project_id: 'elsewhere' }, [], []);
  });
});
