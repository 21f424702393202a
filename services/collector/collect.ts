// POST /v1/events. In: a request. Out: 202 once every row of the batch is durable, or why the batch as a whole was refused.
// Each stage hands back its result or a problem; nothing is answered 202 before the append has ended.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../shared/runtime/clock.js';
import type { StreamWriter } from '../../shared/runtime/stream.js';
import type { BatchAnswer } from '../../shared/contract/batch.js';
import type { Appender } from './appender.js';
import { corsHeaders, originAllowed } from './cors.js';
import { encodingOf, inflate, isSupportedType, parseJson, type Encoding } from './decode-body.js';
import type { Caller, KeyRing } from './keys.js';
import type { MemoryBudget } from './memory-budget.js';
import type { CollectorMetrics } from './metrics.js';
import { Problem } from './problem.js';
import { discardBody, hasBody, readBody, type BodyTimes } from './read-body.js';
import { sendJson, sendProblem } from './respond.js';
import { readBatch, takeBatch, type BatchSource, type TakenBatch } from './take-batch.js';

export interface CollectDependencies {
  readonly keys: () => KeyRing;
  readonly appender: Appender;
  readonly writer: Pick<StreamWriter, 'refusal'>;
  readonly budget: MemoryBudget;
  readonly metrics: CollectorMetrics;
  readonly clock: Clock;
  readonly bodyTimes: BodyTimes;
}

/** Seconds after which a batch may come again that could not be stored. Short: an outage is noticed as over by trying. */
const RETRY_AFTER_S = 1;

export async function collect(
  request: IncomingMessage,
  response: ServerResponse,
  deps: CollectDependencies,
): Promise<void> {
  const started = deps.clock.monotonic();
  const ring = deps.keys();
  const headers = corsHeaders(request.headers.origin, ring.origins);
  const outcome = await answer(request, ring, deps);
  if (outcome instanceof Problem) {
    deps.metrics.refused(outcome.code);
    if (hasBody(request) && !request.complete && !request.destroyed) await discardBody(request, deps.bodyTimes);
    sendProblem(request, response, outcome, headers);
    return;
  }
  deps.metrics.taken(outcome);
  sendJson(response, 202, outcome, headers);
  deps.metrics.batchSeconds.observe((deps.clock.monotonic() - started) / 1000);
}

async function answer(
  request: IncomingMessage,
  ring: KeyRing,
  deps: CollectDependencies,
): Promise<BatchAnswer | Problem> {
  const receivedAt = deps.clock.now();
  const query = queryOf(request.url ?? '');
  const caller = callerOf(request, query?.get('key') ?? undefined, ring);
  if (caller instanceof Problem) return caller;
  if (!hasBody(request)) return new Problem('empty_batch', 'there is no body');
  if (!isSupportedType(request.headers['content-type'])) return new Problem('unsupported_type');
  const encoding = encodingOf(request.headers['content-encoding'], query?.get('enc') ?? undefined);
  if (encoding instanceof Problem) return encoding;
  const refusal = deps.writer.refusal();
  if (refusal !== undefined) return unavailable();
  const early = rateLimited(caller, 0, deps.clock);
  if (early !== undefined) return early;

  const bytes = await readBody(request, deps.budget, deps.bodyTimes);
  if (bytes instanceof Problem) return bytes;
  let held = bytes.length;
  try {
    // In a function of its own, so that the parsed batch is garbage by the time the rows are waited for.
    const taken = take(bytes, encoding, { caller, gpc: request.headers['sec-gpc'] === '1', receivedAt }, deps);
    if (taken instanceof Problem) return taken;
    // Rows are all but ASCII: their length in units stands for their bytes.
    const rowBytes = taken.lines.reduce((sum, { text }) => sum + text.length, 0);
    if (!deps.budget.take(rowBytes)) return unavailable('too much is waiting');
    held += rowBytes;
    return (await deps.appender.append(taken.lines)) ? taken.answer : unavailable();
  } finally {
    deps.budget.give(held);
  }
}

/** From bytes to rows. */
function take(bytes: Buffer, encoding: Encoding, source: BatchSource, deps: CollectDependencies): TakenBatch | Problem {
  const plain = inflate(bytes, encoding);
  if (plain instanceof Problem) return plain;
  const json = parseJson(plain);
  if (json instanceof Problem) return json;
  const batch = readBatch(json.value);
  if (batch instanceof Problem) return batch;
  const limited = rateLimited(source.caller, batch.events.length, deps.clock);
  if (limited !== undefined) return limited;
  return takeBatch(batch, source, deps.metrics.stepTimes);
}

function unavailable(detail?: string): Problem {
  return new Problem('unavailable', detail, RETRY_AFTER_S);
}

/** The caller, once its key and its origin are accepted. */
function callerOf(request: IncomingMessage, queryKey: string | undefined, ring: KeyRing): Caller | Problem {
  const { authorization, origin } = request.headers;
  const caller = ring.find({ authorization, origin, queryKey });
  if (caller === undefined) return new Problem('unknown_key');
  const allowed = origin === undefined ? caller.allowNoOrigin : originAllowed(origin, caller.origins);
  return allowed ? caller : new Problem('origin_not_allowed');
}

function rateLimited(caller: Caller, events: number, clock: Clock): Problem | undefined {
  const waitMs = caller.bucket.take(events, clock.monotonic());
  return waitMs === 0 ? undefined : new Problem('rate_limited', undefined, Math.ceil(waitMs / 1000));
}

function queryOf(url: string): URLSearchParams | undefined {
  const at = url.indexOf('?');
  return at < 0 ? undefined : new URLSearchParams(url.slice(at + 1));
}
