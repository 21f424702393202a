// Reads the measured rates from the reporter and waits until the roll-up has taken in what was sent.
import { z } from 'zod';
import { StartError } from '../../shared/runtime/errors.js';
import { sleep } from '../../shared/runtime/retry.js';

const cellSchema = z.object({
  promptId: z.string(),
  promptVersion: z.string(),
  model: z.string(),
  modelVersion: z.string(),
  /** Mature generations, of them taken, and the persons behind them. */
  mature: z.number(),
  taken: z.number(),
  persons: z.number(),
  rate: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  soFar: z.object({ shown: z.number(), notShown: z.number(), orphan: z.number() }),
});
const answerSchema = z.object({ windowS: z.number(), rates: z.array(cellSchema) });

export type MeasuredCell = z.infer<typeof cellSchema>;

export interface RatesSource {
  /** Address of the reporter. */
  readonly reporter: string;
  readonly readToken: string;
  readonly project: string;
  /** First UTC day, and the day after the last one, as YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
}

export interface MeasuredRates {
  /** W of the project, seconds. */
  readonly windowS: number;
  readonly rates: MeasuredCell[];
}

export async function readRates({ reporter, readToken, project, from, to }: RatesSource): Promise<MeasuredRates> {
  const query = new URLSearchParams({ project, from, to });
  const response = await fetch(`${reporter}/api/rates?${query.toString()}`, {
    headers: { Authorization: `Bearer ${readToken}`, Accept: 'application/json' },
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) throw new StartError(`The reporter answered ${response.status}: ${await response.text()}`);
  return answerSchema.parse(await response.json());
}

/** Generations that the figures know of, mature or not. */
export function generationsIn(cells: readonly MeasuredCell[]): number {
  return cells.reduce((sum, { soFar }) => sum + soFar.shown + soFar.notShown + soFar.orphan, 0);
}

export interface WaitOptions {
  /** Generations that were sent. */
  readonly expected: number;
  /** Figures that stay the same for so long are taken as complete, ms. */
  readonly settleMs: number;
  readonly timeoutMs: number;
  onProgress(known: number): void;
  /** Replaced in tests. */
  readonly read?: () => Promise<MeasuredCell[]>;
  readonly pollMs?: number;
}

/** Waits until all generations are in the figures and these no longer move. `complete` is false when time ran out before. */
export async function waitForRates(
  source: RatesSource,
  options: WaitOptions,
): Promise<{ cells: MeasuredCell[]; complete: boolean }> {
  const read = options.read ?? (async () => (await readRates(source)).rates);
  const started = performance.now();
  let before = '';
  let sameSince = started;
  for (;;) {
    const cells = await read();
    const now = performance.now();
    const figures = JSON.stringify(cells.map(({ mature, taken, soFar }) => [mature, taken, soFar]));
    if (figures !== before) [before, sameSince] = [figures, now];
    const known = generationsIn(cells);
    options.onProgress(known);
    if (known >= options.expected && now - sameSince >= options.settleMs) return { cells, complete: true };
    if (now - started >= options.timeoutMs) return { cells, complete: false };
    await sleep(options.pollMs ?? 1000);
  }
}
