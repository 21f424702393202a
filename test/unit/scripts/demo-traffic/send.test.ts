// Sending: bounded, counted, tried again when the collector asks for it, ended with a reason when it refuses for good.
import { describe, expect, test } from 'vitest';
import {
  ATTEMPTS_MAX,
  RETRY_AFTER_MS_MAX,
  retryAfterMs,
  sendBatches,
  type Tally,
} from '../../../../scripts/demo-traffic/send.js';
import { sleep } from '../../../../shared/runtime/retry.js';

interface Sent {
  readonly url: string;
  readonly key: string | null;
  readonly body: Record<string, unknown>;
}

const taken = (accepted: number, reasons: readonly string[] = []) =>
  Response.json({ accepted, dropped: reasons.map((reason, index) => ({ index, id: null, reason })) }, { status: 202 });

function door(answers: (number: number) => Response | Error | Promise<Response>) {
  const sent: Sent[] = [];
  const pauses: number[] = [];
  const tally: Tally = { requests: 0, retries: 0, accepted: 0, dropped: new Map() };
  const progress: number[] = [];
  const options = {
    collector: 'http://collector',
    serverKey: 'sk_test',
    concurrency: 3,
    onProgress: (done: number) => progress.push(done),
    fetch: async (url: string | URL | Request, init?: RequestInit) => {
      const body = JSON.parse(typeof init?.body === 'string' ? init.body : '') as Record<string, unknown>;
      sent.push({
        url: url instanceof Request ? url.url : url.toString(),
        key: new Headers(init?.headers).get('Authorization'),
        body,
      });
      const answer = await answers(sent.length);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    pause: async (ms: number) => {
      pauses.push(ms);
      await Promise.resolve();
    },
  };
  const send = (items: readonly number[]) => sendBatches(items, (item) => ({ events: [item] }), options, tally);
  return { send, sent, pauses, tally, progress };
}

test('each batch is posted once with the key and the time of the attempt', async () => {
  const { send, sent, tally, progress } = door(() => taken(1));
  await send([10, 20, 30, 40]);
  expect(sent.map(({ body }) => body['events']).sort()).toEqual([[10], [20], [30], [40]]);
  for (const { url, key, body } of sent) {
    expect([url, key]).toEqual(['http://collector/v1/events', 'Bearer sk_test']);
    expect(Math.abs(Date.now() - Number(body['sentAt']))).toBeLessThan(5000);
  }
  expect(tally).toEqual({ requests: 4, retries: 0, accepted: 4, dropped: new Map() });
  expect(progress).toEqual([1, 2, 3, 4]);
});

test('drops are counted by reason', async () => {
  const { send, tally } = door((number) => taken(2, number === 1 ? ['too_old', 'too_old'] : ['invalid_id']));
  await send([1, 2]);
  expect(tally.accepted).toBe(4);
  expect(tally.dropped).toEqual(
    new Map([
      ['too_old', 2],
      ['invalid_id', 1],
    ]),
  );
});

test('never more requests than allowed are open at once', async () => {
  let open = 0;
  let most = 0;
  const { send } = door(async () => {
    open += 1;
    most = Math.max(most, open);
    await sleep(2);
    open -= 1;
    return taken(1);
  });
  await send(Array.from({ length: 20 }, (_, index) => index));
  expect(most).toBe(3);
});

describe('what can pass is tried again', () => {
  const check = async (first: Response | Error, pause: number | undefined) => {
    const { send, pauses, tally, sent } = door((number) => (number === 1 ? first : taken(1)));
    await send([1]);
    expect(sent.length).toBe(2);
    expect(sent[1]?.body['events']).toEqual(sent[0]?.body['events']);
    expect(tally).toMatchObject({ requests: 2, retries: 1, accepted: 1 });
    if (pause === undefined) expect(pauses[0]).toBeGreaterThan(0);
    else expect(pauses).toEqual([pause]);
  };
  const refusal = (status: number, retryAfter?: string) =>
    new Response('{}', { status, ...(retryAfter === undefined ? {} : { headers: { 'Retry-After': retryAfter } }) });

  test('after the seconds of Retry-After for 429 and 503', async () => {
    await check(refusal(429, '3'), 3000);
    await check(refusal(503, '1'), 1000);
  });

  test('after a pause of its own when nothing is asked for', async () => {
    await check(refusal(503), undefined);
    await check(refusal(500), undefined);
    await check(refusal(408), undefined);
    await check(new TypeError('connection refused'), undefined);
  });
});

test('a refusal for good ends the run with its reason', async () => {
  const { send, sent } = door(() => Response.json({ code: 'unknown_key' }, { status: 401 }));
  await expect(send([1, 2, 3, 4, 5, 6])).rejects.toThrow('401 {"code":"unknown_key"}');
  expect(sent.length).toBeLessThanOrEqual(3);
});

test('a collector that stays away ends the run after the last attempt', async () => {
  const { send, sent } = door(() => new TypeError('connection refused'));
  await expect(send([1])).rejects.toThrow('connection refused');
  expect(sent.length).toBe(ATTEMPTS_MAX);
});

test('Retry-After is read as seconds and as a date, and bounded', () => {
  const now = Date.UTC(2026, 0, 1);
  const check = (header: string | null, expected: number | undefined) =>
    expect(retryAfterMs(header, now)).toBe(expected);
  check('0', 0);
  check('8', 8000);
  check(' 8 ', 8000);
  check(new Date(now + 5000).toUTCString(), 5000);
  check(new Date(now - 5000).toUTCString(), 0);
  check(String(RETRY_AFTER_MS_MAX / 1000), RETRY_AFTER_MS_MAX);
  check(String(RETRY_AFTER_MS_MAX / 1000 + 1), RETRY_AFTER_MS_MAX);
  check('soon', undefined);
  check(null, undefined);
});
