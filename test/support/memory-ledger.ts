// The ledger of reports in memory, read as ClickHouse reads it: for properties over thousands of histories.
// In: rows. Out: what `readScheduleLedger` would answer at an instant.
import { FINAL_STATUSES, type RunRow, type RunStatus } from '../../services/reporter/reports/ledger-rows.js';
import type { Cursor, OpenEntry, ScheduleLedger } from '../../services/reporter/reports/schedule-ledger.js';

const ORDER: readonly RunStatus[] = [
  'claimed',
  'rendered',
  'sending',
  'sent',
  'failed',
  'skipped',
  'unknown',
  'waiting',
  'abandoned',
];
const isFinal = (status: RunStatus) => (FINAL_STATUSES as readonly RunStatus[]).includes(status);

export function memoryLedger(rows: readonly RunRow[], nowMs: number): ScheduleLedger {
  return { cursors: cursorsOf(rows, Math.floor(nowMs / 1000)), open: openOf(rows) };
}

function grouped(rows: readonly RunRow[], key: (row: RunRow) => string): RunRow[][] {
  const groups = new Map<string, RunRow[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return [...groups.values()];
}

function cursorsOf(rows: readonly RunRow[], now: number): Cursor[] {
  const own = rows.filter(({ target }) => target === '');
  return grouped(own, (row) => `${row.project_id} ${row.report_id}`).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const past = group.filter(({ status, slot }) => (status === 'claimed' || status === 'skipped') && slot <= now);
    const newest = Math.max(0, ...past.map(({ slot }) => slot));
    const known = new Set(
      group.filter(({ edition, slot }) => edition > 0 && slot > newest).map(({ slot }) => slot * 1000),
    );
    const { project_id, report_id } = first;
    return [{ project_id, report_id, newest: newest * 1000, known: [...known], stored: 0, givenUp: 0 }];
  });
}

function unendedOf(group: readonly RunRow[]): number {
  const ended = group.filter(({ status }) => !['claimed', 'sending', 'unknown'].includes(status));
  const begun = group.filter(({ status }) => status === 'sending').map(({ attempt }) => attempt);
  return new Set(begun.filter((each) => !ended.some(({ attempt }) => attempt === each))).size;
}

function openOf(rows: readonly RunRow[]): OpenEntry[] {
  const keyOf = (row: RunRow) => [row.project_id, row.report_id, row.slot, row.edition, row.target].join(' ');
  return grouped(rows, keyOf)
    .filter((group) => !group.some(({ status }) => isFinal(status)))
    .flatMap((group) => {
      const rank = ({ attempt, status }: RunRow) => attempt * 100 + ORDER.indexOf(status);
      const [newest] = [...group].sort((a, b) => rank(b) - rank(a));
      if (newest === undefined) return [];
      const claimedAt = Math.min(...group.flatMap((row) => (row.status === 'claimed' ? [row.retry_at ?? 0] : [])));
      const { project_id, report_id, slot, edition, target, status, attempt, retry_at: retryAt = 0 } = newest;
      const open = { project_id, report_id, slot, edition, target, status, attempt, retryAt, claimedAt };
      return [{ ...open, unended: unendedOf(group) }];
    })
    .sort((a, b) => a.slot - b.slot);
}
