// The id of a report: the same whenever and by whomever the same edition is made. Pure.
import { createHash } from 'node:crypto';

/** `slot`: scheduled instant, ms. 32 hex digits; also the Idempotency-Key of its deliveries. */
export function reportId(definitionId: string, projectId: string, slot: number, edition: number): string {
  const text = JSON.stringify(['report', definitionId, projectId, slot, edition]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Of a report on its way to one target: the same for every attempt. For the `Message-ID` of a mail. */
export function deliveryId(id: string, target: string): string {
  return createHash('sha256')
    .update(JSON.stringify([id, target]))
    .digest('hex')
    .slice(0, 32);
}
