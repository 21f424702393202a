// Stage: everything as `npm start` runs it with a Kafka beside it, from the post of a batch to rows in ClickHouse that are committed
// in Kafka, in turn with the same chain without Kafka. In: a size. Out: throughput, CPU of each process, freshness.
import { startBenchChain, type BenchChain, type ChainPass, type Kind } from './bench-chain.js';
import { startBenchKafka } from './bench-kafka.js';
import { freshUnderLoad } from './chain.js';
import { percentiles } from './freshness.js';
import { startWorker } from './orders.js';
import type { LoadOrder, LoadResult } from './post-load.js';
import { figure, ratio, type StageReport } from './report.js';

const RATE_TARGET = { atLeast: 30_000 } as const;
const FRESH_TARGET = { atMost: 2_000 } as const;
const ON_PATH: readonly Kind[] = ['collector', 'sink', 'clickhouse', 'kafka'];

interface Measured {
  readonly passes: ChainPass[];
  /** Ms until visible, of each round of probes. */
  readonly fresh: { readonly p50: number; readonly p95: number }[];
}

export async function benchKafkaChain(short: boolean): Promise<StageReport> {
  const [repetitions, events] = short ? [2, 20_000] : [5, 100_000];
  const [rounds, probes] = short ? [1, 10] : [3, 20];
  const load = await startWorker<LoadOrder, LoadResult>('post-load');
  const kafka = await startBenchKafka();
  const chains: BenchChain[] = [];
  const [through, without]: [Measured, Measured] = [
    { passes: [], fresh: [] },
    { passes: [], fresh: [] },
  ];
  try {
    chains.push(await startBenchChain(kafka), await startBenchChain());
    const sides = chains.map((chain, i) => ({ chain, into: i === 0 ? through : without }));
    for (let n = 0; n <= repetitions; n += 1)
      for (const { chain, into } of n % 2 === 0 ? sides : sides.toReversed())
        into.passes.push(await chain.pass(load, events, n));
    for (let n = 0; n < rounds; n += 1)
      for (const { chain, into } of n % 2 === 0 ? sides : sides.toReversed())
        into.fresh.push(percentiles(await freshUnderLoad(chain, load, probes, n)));
    return reportOf(events, probes, chains[0]?.kinds ?? [], through, without);
  } finally {
    await load.stop();
    for (const chain of chains) await chain.stop();
    await kafka.stop();
  }
}

function reportOf(
  events: number,
  probes: number,
  kinds: readonly Kind[],
  through: Measured,
  without: Measured,
): StageReport {
  // the first pass warms up
  const [measured, floor] = [through.passes.slice(1), without.passes.slice(1)];
  const stored = (passes: readonly ChainPass[]) => passes.map(({ storedSeconds }) => events / storedSeconds);
  const accepted = (passes: readonly ChainPass[]) => passes.map(({ acceptedSeconds }) => events / acceptedSeconds);
  const us = (passes: readonly ChainPass[], on: readonly Kind[]) =>
    passes.map(({ cpu }) => (on.reduce((sum, kind) => sum + cpu[kind], 0) * 1e6) / events);
  const fresh = (of: Measured, key: 'p50' | 'p95') => of.fresh.map((one) => one[key]);
  return {
    stage: 'kafka-chain',
    floor: 'the same chain without Kafka: collector, disk log, sink, ClickHouse',
    ratios: [
      ratio('events stored a second, until drained', stored(measured), stored(floor)),
      ratio('CPU per event, collector, sink, ClickHouse and broker', us(measured, ON_PATH), us(floor, ON_PATH)),
    ],
    figures: [
      figure('events accepted a second', '1/s', accepted(measured), accepted(floor)),
      figure('events stored a second, until drained', '1/s', stored(measured), stored(floor), RATE_TARGET),
      ...kinds.map((kind) => figure(`CPU per event, ${kind}`, 'us', us(measured, [kind]), us(floor, [kind]))),
      figure('visible in events, moderate load, 50 %', 'ms', fresh(through, 'p50'), fresh(without, 'p50')),
      figure(
        'visible in events, moderate load, 95 %',
        'ms',
        fresh(through, 'p95'),
        fresh(without, 'p95'),
        FRESH_TARGET,
      ),
    ],
    notes: [
      `${events} events a repetition in batches of 10; until every row is stored and its position committed; the load runs on the same machine, and roll-ups every 5 s`,
      `freshness: ${through.fresh.length} rounds of ${probes} probes with about 800 other events a second; from before the post until a query finds the event`,
    ],
  };
}
