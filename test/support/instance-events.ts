// Events through a whole running instance. In: the instance. Out: ids that were acknowledged, and whether they are stored.
import { createClickHouse } from '../../shared/runtime/clickhouse.js';
import { eventually } from './eventually.js';
import type { Instance } from './instance.js';
import { planBatch } from './load-plan.js';

/** Sends one batch of three generations with the demo's key until it is acknowledged; answers the ids of its events. */
export async function sendBatch(instance: Instance, index: number): Promise<readonly string[]> {
  const { body, generations } = planBatch(1, index, 3, Date.now());
  const post = async () =>
    await fetch(`${instance.run.collector}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${instance.run.project?.writeKey}` },
      body: JSON.stringify({ ...body, sentAt: Date.now() }),
    }).then(
      async (response) => (await response.text(), response.status),
      () => 0,
    );
  await eventually(post, (status) => status === 202);
  return generations.flatMap((generation) => generation.eventIds);
}

/** Ids that the demo's analyst finds. */
async function storedIds(instance: Instance): Promise<Set<string>> {
  const { url, database, analyst } = instance.run.clickhouse;
  const clickhouse = createClickHouse({ url, database, user: analyst?.user ?? '', password: analyst?.password ?? '' });
  try {
    const rows = await clickhouse.query<{ id: string }>('SELECT DISTINCT toString(event_id) AS id FROM events');
    return new Set(rows.map((row) => row.id));
  } finally {
    await clickhouse.close();
  }
}

/** Waits until all of these are stored. */
export async function expectStored(instance: Instance, ids: readonly string[], timeoutMs?: number): Promise<void> {
  const missing = async () => {
    const stored = await storedIds(instance).catch(() => new Set<string>());
    return ids.filter((id) => !stored.has(id));
  };
  await eventually(missing, (ids) => ids.length === 0, timeoutMs);
}
