// Stage: everything as `npm start` runs it, from the post of a batch to rows in ClickHouse, beside the floors of its two ends.
// In: a size. Out: throughput, freshness, memory of each process, time to start.
import { BENCH_KEY, startFloorCollector } from './bench-collector.js';
import {
  measureStart,
  saturating,
  startBenchChain,
  type BenchChain,
  type ChainPass,
  type Kind,
  type Load,
} from './bench-chain.js';
import { rowBlocks } from './blocks.js';
import { startDirectFloor } from './direct-floor.js';
import { percentiles, probeFreshness } from './freshness.js';
import { cpuSeconds } from './measure.js';
import { startWorker } from './orders.js';
import type { LoadOrder, LoadResult } from './post-load.js';
import { figure, ratio, type Figure, type StageReport } from './report.js';

/** The load under which freshness is measured: connections, pause of each between two batches of ten, ms. */
const MODERATE = { connections: 8, pauseMs: 100, requestsPerProbe: 80 } as const;
const FLOOR_DISTINCT = 200;

export async function benchChain(short: boolean): Promise<StageReport> {
  const repetitions = short ? 2 : 5;
  const events = short ? 20_000 : 100_000;
  const starts: { fresh: number; again: number }[] = [];
  for (let n = 0; n < (short ? 1 : 3); n += 1) starts.push(await measureStart());
  const load = await startWorker<LoadOrder, LoadResult>('post-load');
  const chain = await startBenchChain();
  const collector = await startFloorCollector();
  const direct = await startDirectFloor(rowBlocks(events / 100, 100));
  const passes: ChainPass[] = [];
  const floor: number[] = [];
  try {
    for (let n = 0; n <= repetitions; n += 1) {
      passes.push(await chain.pass(load, events, n));
      const before = cpuSeconds(collector.pid);
      await load.ask({ ...saturating(collector.url, BENCH_KEY, events), distinct: FLOOR_DISTINCT });
      const taking = cpuSeconds(collector.pid) - before;
      const { client, server } = await direct.pass();
      floor.push(taking + client + server);
    }
    const fresh = await freshUnderLoad(chain, load, short ? 10 : 40);
    // the first pass warms up
    return reportOf(events, chain.kinds, passes.slice(1), floor.slice(1), [
      ...figuresOf('visible in events, moderate load', fresh),
      ...chain.kinds.map((kind) => figure(`peak memory, ${kind}`, 'MB', [chain.memory()[kind] / 1e6])),
      figure(
        'start, new data directory',
        'ms',
        starts.map((s) => s.fresh),
      ),
      figure(
        'start, same data directory',
        'ms',
        starts.map((s) => s.again),
      ),
    ]);
  } finally {
    await Promise.all([load.stop(), collector.stop(), direct.stop()]);
    await chain.stop();
  }
}

/** Probes while batches arrive at a pace; each round has batches and probes of its own. */
export async function freshUnderLoad(chain: BenchChain, load: Load, probes: number, round = 0): Promise<number[]> {
  const { connections, pauseMs, requestsPerProbe } = MODERATE;
  const requests = probes * requestsPerProbe;
  const order = {
    ...saturating(chain.collector, chain.key, requests * 10),
    first: 2_000_000 + round * requests,
    connections,
    pauseMs,
  };
  await load.ask({ ...order, prepare: true });
  const loaded = load.ask(order);
  loaded.catch(() => undefined);
  const found = await probeFreshness(chain, probes, round * probes);
  await loaded;
  return found;
}

function figuresOf(name: string, ms: readonly number[]): Figure[] {
  const { p50, p95 } = percentiles(ms);
  return [figure(`${name}, 50 %`, 'ms', [p50]), figure(`${name}, 95 %`, 'ms', [p95])];
}

function reportOf(
  events: number,
  kinds: readonly Kind[],
  passes: readonly ChainPass[],
  floor: readonly number[],
  others: readonly Figure[],
): StageReport {
  const onPath = passes.map(({ cpu }) => cpu.collector + cpu.sink + cpu.clickhouse);
  const us = (seconds: readonly number[]) => seconds.map((s) => (s * 1e6) / events);
  return {
    stage: 'chain',
    floor: 'the CPU of the floors of collector (batches of 10) and sink (direct insert) added, for as many events',
    ratios: [ratio('CPU per event, collector, sink and ClickHouse', us(onPath), us(floor))],
    figures: [
      figure(
        'events accepted a second',
        '1/s',
        passes.map((pass) => events / pass.acceptedSeconds),
      ),
      figure(
        'events stored a second, until drained',
        '1/s',
        passes.map((pass) => events / pass.storedSeconds),
      ),
      figure('CPU per event, collector, sink and ClickHouse', 'us', us(onPath), us(floor)),
      ...kinds.map((kind) => figure(`CPU per event, ${kind}`, 'us', us(passes.map(({ cpu }) => cpu[kind])))),
      ...others,
    ],
    notes: [
      `${events} events a repetition in batches of 10; the CPU of ClickHouse holds its merges and the roll-ups that run every 5 s, which no floor has`,
      `freshness: from before the post until a query finds the event, with about ${Math.round((MODERATE.connections * 10_000) / MODERATE.pauseMs)} other events a second`,
    ],
  };
}
