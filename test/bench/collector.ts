// Stage: the collector against its floor, both under the same load from a third process, in turn.
import { BENCH_KEY, BENCH_SECRET, startBenchCollector, startFloorCollector, type Target } from './bench-collector.js';
import { using } from './measure.js';
import { startWorker, type Worker } from './orders.js';
import type { LoadOrder, LoadResult } from './post-load.js';
import { figure, ratio, type Figure, type Ratio, type StageReport } from './report.js';

const CONNECTIONS = 64;
const DISTINCT = 200;
const TARGET = { atMost: 1.5 } as const;

interface Pass {
  readonly cpuUs: number[];
  readonly perSecond: number[];
  readonly p95Ms: number[];
}

interface Case {
  readonly name: string;
  readonly eventsPerBatch: number;
  readonly signed: boolean;
}

const CASES: readonly Case[] = [
  { name: 'batches of 10', eventsPerBatch: 10, signed: false },
  { name: 'batches of 100', eventsPerBatch: 100, signed: false },
  { name: 'batches of 10, generations signed', eventsPerBatch: 10, signed: true },
];

export async function benchCollector(short: boolean): Promise<StageReport> {
  const repetitions = short ? 3 : 9;
  const events = short ? 40_000 : 100_000;
  const load = await startWorker<LoadOrder, LoadResult>('post-load');
  const [product, floor] = [await startBenchCollector(), await startFloorCollector()];
  const ratios: Ratio[] = [];
  const figures: Figure[] = [];
  try {
    for (const { name, eventsPerBatch, signed } of CASES) {
      const order = orderOf(eventsPerBatch, events, signed);
      const [measured, least] = [newPass(), newPass()];
      // A token is the product's own work: the floor reads batches without.
      const bare = orderOf(eventsPerBatch, events, false);
      for (const [target, given] of [
        [product, order],
        [floor, bare],
      ] as const)
        await warmUp(load, target, given);
      for (let n = 0; n < repetitions; n += 1) {
        const turns = [
          async () => await pass(load, product, order, measured),
          async () => await pass(load, floor, bare, least),
        ];
        for (const turn of n % 2 === 0 ? turns : turns.reverse()) await turn();
      }
      ratios.push(ratio(`CPU per event, ${name}`, measured.cpuUs, least.cpuUs, signed ? undefined : TARGET));
      figures.push(
        figure(`${name}: CPU per event`, 'us', measured.cpuUs, least.cpuUs),
        figure(`${name}: events a second`, '1/s', measured.perSecond, least.perSecond),
        figure(`${name}: answer, 95 %`, 'ms', measured.p95Ms, least.p95Ms),
      );
    }
  } finally {
    await Promise.all([load.stop(), product.stop(), floor.stop()]);
  }
  return {
    stage: 'collector',
    floor:
      'node:http, JSON.parse, the same zod schemas (batch, generation entry, event), JSON.stringify of rows with the same columns; nothing checked, nothing stored',
    ratios,
    figures,
    notes: [
      `${CONNECTIONS} connections, ${events} events a repetition; CPU is user and system time of the whole process. The collector also waits for fdatasync, which the floor does not`,
      'with signed generations the floor still reads unsigned ones: one signature is verified for each three events',
    ],
  };
}

function newPass(): Pass {
  return { cpuUs: [], perSecond: [], p95Ms: [] };
}

function orderOf(eventsPerBatch: number, events: number, signed: boolean): Omit<LoadOrder, 'url'> {
  return {
    key: BENCH_KEY,
    eventsPerBatch,
    requests: Math.ceil(events / eventsPerBatch),
    connections: CONNECTIONS,
    first: 0,
    distinct: DISTINCT,
    ...(signed ? { signingSecret: BENCH_SECRET } : {}),
  };
}

async function warmUp(
  load: Worker<LoadOrder, LoadResult>,
  target: Target,
  order: Omit<LoadOrder, 'url'>,
): Promise<void> {
  await load.ask({ ...order, url: target.url, requests: order.requests * 2 });
}

async function pass(
  load: Worker<LoadOrder, LoadResult>,
  target: Target,
  order: Omit<LoadOrder, 'url'>,
  into: Pass,
): Promise<void> {
  let result: LoadResult | undefined;
  const used = await using([target.pid], async () => {
    result = await load.ask({ ...order, url: target.url });
  });
  if (result === undefined) throw new Error('the load did not answer');
  into.cpuUs.push((used.cpuSeconds * 1e6) / result.events);
  into.perSecond.push(result.events / result.seconds);
  into.p95Ms.push(result.p95Ms);
}
