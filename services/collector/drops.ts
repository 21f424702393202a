// Rows of the table `drops`: what was refused and why, one row per batch and reason. Holds counts and a derived id only.
import { createHash } from 'node:crypto';
import type { DropReason } from '../../shared/contract/drop-reasons.js';
import type { DropRow } from '../../shared/contract/rows.js';
import { isJsonObject } from '../../shared/contract/batch.js';
import { isUuid } from '../../shared/contract/ids.js';
import type { EventDraft } from './steps/draft.js';

/** Drop rows of a batch. The same drops sent again give the same ids, whatever else the batch holds and whenever it comes. */
export function dropRows(projectId: string, dropped: readonly EventDraft[], receivedAt: number): DropRow[] {
  const byReason = new Map<DropReason, EventDraft[]>();
  for (const draft of dropped) {
    if (draft.dropped === undefined) continue;
    const same = byReason.get(draft.dropped);
    if (same === undefined) byReason.set(draft.dropped, [draft]);
    else same.push(draft);
  }
  const minute = Math.floor(receivedAt / 60_000) * 60;
  return [...byReason].map(([reason, drafts]) => ({
    project_id: projectId,
    reason,
    drop_id: dropId(projectId, reason, drafts),
    minute,
    n: drafts.length,
  }));
}

/** First 16 bytes of SHA-256 over project, reason and, per event, its id or the hash of its JSON; in the form of a UUID. */
function dropId(projectId: string, reason: DropReason, drafts: readonly EventDraft[]): string {
  const hash = createHash('sha256').update(`${projectId}\n${reason}\n`);
  for (const { raw } of drafts) hash.update(`${identity(raw)}\n`);
  const hex = hash.digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

function identity(raw: unknown): string {
  if (isJsonObject(raw) && isUuid(raw['id'])) return raw['id'].toLowerCase();
  return createHash('sha256').update(JSON.stringify(raw)).digest('hex');
}
