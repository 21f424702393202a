// Stage: the beacon in a real Chromium, on pages that are there without it too. In: a size. Out: cost of an event, CPU and long tasks of a
// streaming page, memory, bytes on the wire, and the sizes of what a page loads.
import { startBenchBrowser, type BenchBrowser } from './beacon-browser.js';
import { longestTasks, opening, streaming, type Pair, type Side } from './beacon-streaming.js';
import { trackCost } from './beacon-track.js';
import { sizes, wire, type Wire } from './beacon-wire.js';
import { figure, ratio, type Figure, type StageReport } from './report.js';

const ATTEMPTS = 3;
const MB = 1e6;

/** Bytes after brotli: what is to be reached; the build refuses somewhat later. */
const CORE_BYTES_MAX = 5000;
const ADAPTER_BYTES_MAX = 600;

export async function benchBeacon(short: boolean): Promise<StageReport> {
  const browser = await startBenchBrowser();
  try {
    const track = await trackCost(browser, short);
    const streamed = await streaming(browser, short);
    const opened = await opening(browser, short);
    const longest = await longestTasks(browser, short);
    const posted = await postings(browser, short ? 1 : ATTEMPTS, 5);
    const spreadOut = await postings(browser, 1, 20);
    return {
      stage: 'beacon',
      floor: 'the same page in the same browser without the beacon; for an event: IndexedDB puts of the same row alone',
      ratios: [
        ratio('CPU of a streaming page', side(streamed, 'with', task), side(streamed, 'without', task)),
        ratio('CPU of a page that opens with 2,000 answers', side(opened, 'with', task), side(opened, 'without', task)),
        ratio('an event, call and transaction', track.taskUs, track.putUs),
      ],
      figures: [
        figure('an event, the call alone', 'us', track.callUs, track.pushUs, { atMost: 25 }),
        figure('an event with its part of the transaction', 'us', track.taskUs, track.putUs),
        ...pageFigures('streaming', streamed, longest.streaming),
        ...pageFigures('opening', opened, longest.opening),
        ...wireFigures(posted),
        figure(
          'on the wire, an event, of 20 generations',
          'bytes',
          spreadOut.map(({ rawBytesPerEvent }) => rawBytesPerEvent),
        ),
        ...sizeFigures(),
      ],
      notes: [
        'streaming: 1,000 answers, 50 updates a second in turn over all and 50 in each of five that are in sight, 300 in all; two copies each 5 s',
        'on the wire: 200 copies of 5 generations within 2 s, all of their descriptions counted; bodies are posted as they are, gzip says what they could be',
        'a long task is one of more than 50 ms by the clock, others on the machine lengthen it; the CPU of one comes from a trace in a pass of its own',
        'the floor of the call alone is a structured clone pushed to an array',
        'the page is headless: what it draws costs less than on a screen, so that ratios are rather too high',
      ],
    };
  } finally {
    await browser.stop();
  }
}

const task = ({ taskSeconds }: Side): number => taskSeconds;

function side(pairs: readonly Pair[], which: keyof Pair, value: (side: Side) => number): number[] {
  return pairs.map((pair) => value(pair[which]));
}

function pageFigures(name: string, pairs: readonly Pair[], longest: readonly number[]): Figure[] {
  const both = (what: string, unit: string, value: (side: Side) => number): Figure =>
    figure(`${name}: ${what}`, unit, side(pairs, 'with', value), side(pairs, 'without', value));
  return [
    both('CPU of the page', 's', task),
    both('of it script', 's', ({ scriptSeconds }) => scriptSeconds),
    both('long tasks', '', ({ longTasks }) => longTasks.length),
    both('longest of them', 'ms', ({ longTasks }) => Math.max(0, ...longTasks)),
    figure(`${name}: longest task with the beacon in it, its CPU`, 'ms', longest, undefined, { atMost: 50 }),
    both('memory of scripts', 'MB', ({ heldBytes }) => heldBytes / MB),
  ];
}

/** `generations`: among so many the events are shared out. */
async function postings(browser: BenchBrowser, attempts: number, generations: number): Promise<Wire[]> {
  const all: Wire[] = [];
  for (let n = 0; n < attempts; n++) all.push(await wire(browser, generations));
  return all;
}

function wireFigures(all: readonly Wire[]): Figure[] {
  const of = (name: string, unit: string, value: (wire: Wire) => number, atMost: number): Figure =>
    figure(name, unit, all.map(value), undefined, { atMost });
  return [
    of('on the wire, an event', 'bytes', ({ rawBytesPerEvent }) => rawBytesPerEvent, 130),
    of('the same after gzip', 'bytes', ({ gzipBytesPerEvent }) => gzipBytesPerEvent, 45),
    of('requests per 200 events', '', ({ requests }) => requests, 4),
    of('preflights', '', ({ preflights }) => preflights, 0),
  ];
}

function sizeFigures(): Figure[] {
  return Object.entries(sizes()).flatMap(([name, { bytes, gzipBytes, brotliBytes }]) => {
    const short = name.replace(/-[0-9a-f]{16}/, '');
    const atMost =
      short === 'v1.js' ? CORE_BYTES_MAX : /^(adapters\/|react)/.test(short) ? ADAPTER_BYTES_MAX : undefined;
    return [
      figure(`${short}, raw`, 'bytes', [bytes]),
      figure(`${short}, gzip`, 'bytes', [gzipBytes]),
      figure(`${short}, brotli`, 'bytes', [brotliBytes], undefined, atMost === undefined ? undefined : { atMost }),
    ];
  });
}
