// DELETE /v1/users/{id}. In: a server key and a user of its project. Out: 202 once the wish to be forgotten is durable.
// The same for somebody unknown: the answer says nothing about who is known. The id itself is never stored or logged.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErasureRow } from '../../shared/contract/rows.js';
import type { CollectDependencies } from './collect.js';
import { linesOf } from './blocks.js';
import { Problem } from './problem.js';
import { discardBody, hasBody } from './read-body.js';
import { sendJson, sendProblem } from './respond.js';

const RETRY_AFTER_S = 1;

export async function erase(
  request: IncomingMessage,
  response: ServerResponse,
  userId: string,
  deps: CollectDependencies,
): Promise<void> {
  const problem = await requestErasure(request, userId, deps);
  if (hasBody(request)) await discardBody(request, deps.bodyTimes);
  if (problem === undefined) return sendJson(response, 202, { requested: true });
  deps.metrics.refused(problem.code);
  sendProblem(request, response, problem);
}

async function requestErasure(
  request: IncomingMessage,
  userId: string,
  deps: CollectDependencies,
): Promise<Problem | undefined> {
  const { authorization, origin } = request.headers;
  const caller = deps.keys().find({ authorization, origin, queryKey: undefined });
  if (caller === undefined) return new Problem('unknown_key');
  if (caller.kind !== 'server') return new Problem('not_allowed', 'only a server key may erase');
  const waitMs = caller.bucket.take(1, deps.clock.monotonic());
  if (waitMs > 0) return new Problem('rate_limited', undefined, Math.ceil(waitMs / 1000));
  const { keyed } = caller;
  const row: ErasureRow = {
    project_id: keyed.project.id,
    user_key: keyed.persons.of('user', userId).key,
    requested_at: deps.clock.now(),
  };
  const durable = await deps.appender.append(linesOf('erasures', [`${JSON.stringify(row)}\n`]));
  return durable ? undefined : new Problem('unavailable', undefined, RETRY_AFTER_S);
}
