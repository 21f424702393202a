// What is to be done about alerts now. In: events, targets, the ledger, the time. Out: rows to write and deliveries to try. Pure.
// One event goes to one target once; what is old news when it is first seen goes nowhere, and the ledger says so.
import { targetKey, type AlertTarget } from '../../../shared/contract/alert-targets.js';
import type { AlertEvent } from './alert.js';
import type { DeliveryKey, LedgerEntry, LedgerRow } from './ledger.js';
import { ATTEMPTS_MAX } from '../deliver/retries.js';

/**
 * An event that began more than so many UTC days before a target first could hear of it is skipped: a new target, or a reporter
 * that was away for weeks, does not send a storm of old news.
 */
export const EVENT_AGE_DAYS_MAX = 7;
const DAY_MS = 86_400_000;

export interface AlertedProject {
  readonly id: string;
  readonly alerts: { readonly targets: readonly AlertTarget[] };
}

export interface Delivery extends DeliveryKey {
  readonly to: AlertTarget;
  /** From 1. */
  readonly attempt: number;
  readonly content: string;
}

export interface Plan {
  readonly rows: readonly LedgerRow[];
  /** Those that have waited longest first. */
  readonly due: readonly Delivery[];
}

export interface Situation {
  readonly events: readonly AlertEvent[];
  readonly projects: readonly AlertedProject[];
  readonly ledger: readonly LedgerEntry[];
  /** ms by ClickHouse's clock. */
  readonly now: number;
  readonly owner: string;
  readonly attemptsMax?: number;
}

export function planDeliveries(situation: Situation): Plan {
  const rows: LedgerRow[] = [];
  const due: Delivery[] = [];
  planKnown(situation, rows, due);
  planNew(situation, rows, due);
  return { rows, due };
}

/** Goes on with what the ledger holds. Projects that this process does not know are left to those that do. */
function planKnown(situation: Situation, rows: LedgerRow[], due: Delivery[]): void {
  const { ledger, projects, now, owner, attemptsMax = ATTEMPTS_MAX } = situation;
  const known = new Map(projects.map(({ id, alerts }) => [id, alerts.targets]));
  for (const { project_id, alert_id, target, attempt, status, retryAt, done, content } of ledger) {
    const targets = known.get(project_id);
    if (done || targets === undefined) continue;
    const key = { project_id, alert_id, target };
    const to = targets.find((each) => targetKey(each) === target);
    if (to === undefined) {
      rows.push({ ...key, attempt, status: 'abandoned', owner, detail: 'the target left the projects file' });
      continue;
    }
    // only the holder of the lease sends, so whoever began this attempt is gone
    const interrupted = status === 'sending' || status === 'unknown';
    if (status === 'sending')
      rows.push({ ...key, attempt, status: 'unknown', owner, detail: 'the process stopped during the attempt' });
    if (interrupted && attempt >= attemptsMax)
      rows.push({ ...key, attempt, status: 'abandoned', owner, detail: `no certain end after ${attempt} attempts` });
    else if (interrupted || retryAt <= now) due.push({ ...key, to, attempt: attempt + 1, content });
  }
}

function planNew(situation: Situation, rows: LedgerRow[], due: Delivery[]): void {
  const { events, projects, ledger, now, owner } = situation;
  const keyText = (key: DeliveryKey) => JSON.stringify([key.project_id, key.alert_id, key.target]);
  const seen = new Set(ledger.map(keyText));
  for (const { firedOn, alert } of events)
    for (const to of projects.find(({ id }) => id === alert.project)?.alerts.targets ?? []) {
      const key = { project_id: alert.project, alert_id: alert.id, target: targetKey(to) };
      if (seen.has(keyText(key))) continue;
      seen.add(keyText(key));
      const age = Math.floor(now / DAY_MS) - Math.floor(Date.parse(firedOn) / DAY_MS);
      if (age > EVENT_AGE_DAYS_MAX) {
        const detail = `it is ${age} days old, and alerts are sent about the last ${EVENT_AGE_DAYS_MAX} days`;
        rows.push({ ...key, attempt: 0, status: 'skipped', owner, detail });
        continue;
      }
      const content = JSON.stringify(alert);
      rows.push({ ...key, attempt: 0, status: 'claimed', retry_at: now, owner, detail: '', content });
      due.push({ ...key, to, attempt: 1, content });
    }
}
