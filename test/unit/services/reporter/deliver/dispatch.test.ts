// Deliveries that are due, tried: a row before and after each, in which order, how many, and what ends a pass.
import { expect, test } from 'vitest';
import type { Ending } from '../../../../../services/reporter/deliver/attempt.js';
import { createDispatcher, MESSAGES_PER_PASS_MAX } from '../../../../../services/reporter/deliver/dispatch.js';

interface Delivery {
  readonly to: string;
  readonly n: number;
  readonly attempt?: number;
}

interface StageOptions {
  readonly send?: (delivery: Delivery) => Ending | Promise<Ending>;
  /** Whether the ledger takes these rows. */
  readonly takes?: (rows: readonly string[]) => boolean;
  /** Whether the lease is still ours, asked before each message. */
  readonly held?: () => boolean;
}

const SENT: Ending = { result: 'sent', detail: 'took it' };
const AWAY: Ending = { result: 'retry', detail: 'answered 503' };
const NOW = 1_000_000;

function open({ send = () => SENT, takes = () => true, held = () => true }: StageOptions = {}) {
  /** Rows of the ledger and messages, in the order in which they came. */
  const log: string[] = [];
  const ended: string[] = [];
  const dispatcher = createDispatcher<Delivery, string>({
    targetOf: ({ to }) => to,
    attemptOf: ({ attempt = 1 }) => attempt,
    rowOf: ({ to, n }, { status, detail, retry_at }) =>
      [`${to}${n}`, status, detail, ...(retry_at === undefined ? [] : [`+${Math.round((retry_at - NOW) / 1000)}`])]
        .join(' ')
        .trim(),
    append: async (rows) => {
      if (!takes(rows)) throw new Error('the ledger is away');
      log.push(...rows);
      await Promise.resolve();
    },
    send: async (delivery) => {
      log.push(`message ${delivery.to}${delivery.n}`);
      return await send(delivery);
    },
    ended: ({ to, n }, { status }) => ended.push(`${to}${n} ${status}`),
    pausesS: [60, 120],
  });
  const lease = { renew: async () => await Promise.resolve(held()), release: async () => await Promise.resolve() };
  return {
    log,
    ended,
    flush: async () => await dispatcher.flush(),
    dispatch: async (due: readonly Delivery[], signal = new AbortController().signal) =>
      await dispatcher.dispatch(due, NOW, lease, signal),
  };
}

const many = (n: number, to: (index: number) => string): Delivery[] =>
  Array.from({ length: n }, (_, index) => ({ to: to(index), n: index }));
const messages = (log: readonly string[]) => log.filter((line) => line.startsWith('message '));

test('nothing due writes nothing', async () => {
  const stage = open({ held: () => false });
  expect(await stage.dispatch([])).toEqual(new Set());
  await stage.flush();
  expect(stage.log).toEqual([]);
});

test('a row stands before each message and one behind it, and a target gets its messages in their order', async () => {
  const stage = open();
  expect(await stage.dispatch(many(2, () => 'a'))).toEqual(new Set());
  expect(stage.log).toEqual([
    'a0 sending',
    'message a0',
    'a0 sent took it',
    'a1 sending',
    'message a1',
    'a1 sent took it',
  ]);
  expect(stage.ended).toEqual(['a0 sent', 'a1 sent']);
});

test('a target that is away gets nothing more in this pass, the others do', async () => {
  const stage = open({ send: ({ to }) => (to === 'a' ? AWAY : SENT) });
  expect(await stage.dispatch([...many(2, () => 'a'), ...many(2, () => 'b')])).toEqual(new Set(['a']));
  expect(messages(stage.log).sort()).toEqual(['message a0', 'message b0', 'message b1']);
  expect(stage.log).toContain('a0 waiting answered 503 +60');
});

test('what is refused for good does not keep the next one', async () => {
  const stage = open({ send: ({ n }) => (n === 0 ? { result: 'failed', detail: 'answered 404' } : SENT) });
  expect(await stage.dispatch(many(2, () => 'a'))).toEqual(new Set());
  expect(stage.ended).toEqual(['a0 failed', 'a1 sent']);
});

test.each([
  [2, undefined, 'a0 waiting answered 503 +120'],
  [2, 300_000, 'a0 waiting answered 503 +300'],
  [2, 1000, 'a0 waiting answered 503 +120'],
  [3, 300_000, 'a0 abandoned answered 503; given up after 3 attempts'],
])('attempt %i that is asked to wait %s ms ends as %s', async (attempt, afterMs, row) => {
  const stage = open({ send: () => ({ ...AWAY, ...(afterMs === undefined ? {} : { afterMs }) }) });
  await stage.dispatch([{ to: 'a', n: 0, attempt }]);
  expect(stage.log.at(-1)).toBe(row);
});

test.each([MESSAGES_PER_PASS_MAX, MESSAGES_PER_PASS_MAX + 1])(
  'of %i messages for a target a pass brings the first',
  async (n) => {
    const stage = open();
    await stage.dispatch(many(n, () => 'a'));
    expect(messages(stage.log)).toEqual(many(MESSAGES_PER_PASS_MAX, () => 'a').map(({ n: at }) => `message a${at}`));
  },
);

test('eight targets are tried at the same time, and the ninth when one of them is done', async () => {
  let [now, most] = [0, 0];
  const stage = open({
    send: async () => {
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      return SENT;
    },
  });
  await stage.dispatch(many(9, (index) => `t${index}-`));
  expect([most, messages(stage.log).length]).toEqual([8, 9]);
});

test('without the lease, and once it is to stop, no further message leaves', async () => {
  let asked = 0;
  const lost = open({ held: () => (asked += 1) < 3 });
  await lost.dispatch(many(5, () => 'a'));
  expect(messages(lost.log)).toHaveLength(2);
  const stop = new AbortController();
  const stopped = open({
    send: () => {
      stop.abort();
      return SENT;
    },
  });
  await stopped.dispatch(
    many(5, () => 'a'),
    stop.signal,
  );
  // the one that was on its way has its end all the same
  expect(stopped.log).toEqual(['a0 sending', 'message a0', 'a0 sent took it']);
});

test('without a row before it no message leaves', async () => {
  const stage = open({ takes: () => false });
  await expect(stage.dispatch(many(1, () => 'a'))).rejects.toThrow('away');
  expect(stage.log).toEqual([]);
  await stage.flush();
});

test('an end that the ledger does not take is kept, and written once when it does', async () => {
  let away = true;
  const stage = open({ takes: (rows) => !away || rows.every((row) => row.endsWith('sending')) });
  await expect(stage.dispatch(many(2, () => 'a'))).rejects.toThrow('away');
  expect(stage.log).toEqual(['a0 sending', 'message a0']);
  expect(stage.ended).toEqual(['a0 sent']);
  await expect(stage.flush()).rejects.toThrow('away');
  away = false;
  await stage.flush();
  await stage.flush();
  expect(stage.log).toEqual(['a0 sending', 'message a0', 'a0 sent took it']);
});

test('a target whose row cannot be written does not keep the others from theirs', async () => {
  const stage = open({ takes: (rows) => !rows.some((row) => row.startsWith('a0 ')) });
  await expect(stage.dispatch([...many(1, () => 'a'), ...many(2, () => 'b')])).rejects.toThrow('away');
  expect(messages(stage.log)).toEqual(['message b0', 'message b1']);
});
