// How long after its post an event can be asked for. In: a running chain under a moderate load. Out: percentiles.
// Each probe is a batch whose first generation is asked for, again and again, as a reader of `events` would.
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import { sleep } from '../../shared/runtime/retry.js';
import { benchBatch } from './batches.js';
import { quantile } from './measure.js';

const ASK_MS = 20;
/** Pauses between probes differ, so that they do not fall into step with what they measure, ms. */
const PAUSE_MS = [30, 170, 310, 90, 250] as const;
/** A probe that is not there by then says that something is broken. */
const VISIBLE_MS_MAX = 60_000;

export interface ProbedChain {
  readonly clickhouse: ClickHouse;
  readonly collector: string;
  readonly key: string;
}

/** From before the post until the first query that found it, ms; one value for each probe; `first` numbers the first of them. */
export async function probeFreshness(
  { clickhouse, collector, key }: ProbedChain,
  probes: number,
  first = 0,
): Promise<number[]> {
  const found: number[] = [];
  for (let n = 0; n < probes; n += 1) {
    const batch = benchBatch({ index: 1_000_000 + first + n, events: 10, now: Date.now() });
    const [generation = ''] = Object.keys(batch.generations);
    const started = performance.now();
    const answer = await fetch(new URL('/v1/events', collector), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    });
    if (answer.status !== 202) throw new Error(`a probe was answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
    while (!(await isVisible(clickhouse, generation))) {
      if (performance.now() - started > VISIBLE_MS_MAX) throw new Error('a probe did not become visible');
      await sleep(ASK_MS);
    }
    found.push(performance.now() - started);
    await sleep(PAUSE_MS[n % PAUSE_MS.length] ?? 0);
  }
  return found;
}

async function isVisible(clickhouse: ClickHouse, generation: string): Promise<boolean> {
  const rows = await clickhouse.query(
    `SELECT 1 FROM events WHERE project_id = {project:String} AND generation_id = {generation:String} LIMIT 1`,
    { project: 'bench', generation },
  );
  return rows.length > 0;
}

export function percentiles(values: readonly number[]): { p50: number; p95: number } {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}
