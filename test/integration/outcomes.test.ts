// The table of cases of an outcome: every outcome, every edge, through the real view. W is 10 min, L is 5 min.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventRow } from '../../shared/contract/rows.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { DAY_MS, daysAgo } from '../support/days.js';
import { instant } from '../support/oracle-rollup.js';
import { blankEvent, ndjson } from '../support/random-events.js';

const MINUTE = 60_000;
const W = 10 * MINUTE;
const FINAL = 15 * MINUTE;
const BEFORE = 2 * MINUTE;
const shownAt = daysAgo(30) + DAY_MS / 2;

type Part = Partial<EventRow>;
interface Judged {
  outcome: string;
  similarity: number;
  mature: number;
  late: number;
  forced: number;
  clock_suspect: number;
  decided_at: string | null;
  first_shown_at: string | null;
  user_kind: number;
  user_key: string;
  prompt_version: string;
  model: string;
  trusted: number;
  task_id: string;
  metric_version: string;
}

let clickhouse: TestClickHouse;
let nth = 0;

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
  const rule = {
    project_id: 'acme',
    metric_version: 'm1',
    window_s: 600,
    lateness_s: 300,
    theta_same: 0.98,
    theta_replace: 1 / 3,
  };
  await clickhouse.reporter.insertBlock('tacit.metric_settings', [
    ndjson([
      { ...rule, surface: '' },
      { ...rule, surface: 'vscode', metric_version: 'vs', window_s: 60, lateness_s: 0, theta_same: 0.5 },
    ]),
  ]);
});
afterAll(async () => {
  await clickhouse.stop();
});

/** Stores one generation's rows, the first of them apart from the rest, and judges it `asOfMs` after it was shown. */
async function judge(parts: readonly Part[], asOfMs = 60 * MINUTE): Promise<Judged> {
  nth += 1;
  const generation_id = `g${nth}`;
  const rows = parts.map((part) =>
    blankEvent({
      generation_id,
      generated_at: shownAt,
      event_id: randomUUID(),
      received_at: shownAt + MINUTE,
      ...part,
    }),
  );
  for (const insert of [rows.slice(0, 1), rows.slice(1)])
    if (insert.length > 0) await clickhouse.writer.insertBlock('tacit.events', [ndjson(insert)]);
  const found = await clickhouse.reporter.query<Judged>(
    'SELECT * FROM tacit.outcomes_at(as_of = {as_of:DateTime64(3)}) WHERE generation_id = {generation_id:String}',
    { as_of: instant(shownAt + asOfMs), generation_id },
  );
  expect(found).toHaveLength(1);
  return found[0] as Judged;
}

const generated: Part = { event_type: 'generated', occurred_at: shownAt };
const shown = (ms = 0, over: Part = {}): Part => ({
  event_type: 'shown',
  shows: 1,
  occurred_at: shownAt + ms,
  ...over,
});
const accept = (ms: number, over: Part = {}): Part => ({
  event_type: 'accept',
  decides: 'accept',
  decision_value: 1,
  occurred_at: shownAt + ms,
  ...over,
});
const edit = (ms: number, similarity: number, over: Part = {}): Part => ({
  event_type: 'edit',
  decides: 'edit',
  decision_value: similarity,
  occurred_at: shownAt + ms,
  ...over,
});
const reject = (ms: number, over: Part = {}): Part => ({
  event_type: 'reject',
  decides: 'reject',
  occurred_at: shownAt + ms,
  ...over,
});
const hint = (ms: number): Part => ({ event_type: 'ignore', reason: 'left', occurred_at: shownAt + ms });
const trusted: Part = { trusted: 1 };

const cases: [string, Part[], string, number?][] = [
  ['generated and never shown is not shown', [generated], 'not_shown'],
  ['a show under the visible time shows nothing', [generated, shown(0, { shows: 0 })], 'not_shown'],
  ['an ignore hint alone decides nothing', [generated, hint(1000)], 'not_shown'],
  ['acted on without being shown is an orphan', [generated, accept(1000)], 'orphan'],
  ['shown with an open window is unresolved', [shown()], 'unresolved', FINAL - 1],
  ['an ignore hint does not close the window', [shown(), hint(5000)], 'unresolved', FINAL - 1],
  ['shown with a closed window is ignored, at the very instant', [shown()], 'ignored', FINAL],
  ['accepted', [shown(), accept(1000)], 'accepted'],
  ['accepted before the window closes is decided at once', [shown(), accept(1000)], 'accepted', 2000],
  ['edited', [shown(), accept(1000), edit(2000, 0.7)], 'edited'],
  ['an edit without an acceptance is one', [shown(), edit(2000, 0.7)], 'edited'],
  ['rejected', [shown(), reject(1000)], 'rejected'],
  ['rejected after an acceptance', [shown(), accept(1000), reject(2000)], 'rejected'],
  ['accepted after a rejection', [shown(), reject(1000), accept(2000)], 'accepted'],
  ['an edit at the upper threshold is as it was', [shown(), edit(2000, 0.98)], 'accepted'],
  ['an edit just below the upper threshold is an edit', [shown(), edit(2000, 0.9799)], 'edited'],
  ['an edit at the lower threshold is an edit', [shown(), edit(2000, 1 / 3)], 'edited'],
  ['an edit just below the lower threshold is a rejection', [shown(), edit(2000, 0.3333)], 'rejected'],
  ['the last edit counts', [shown(), edit(2000, 0.1), edit(3000, 0.99)], 'accepted'],
  ['an acceptance after an edit keeps the edit', [shown(), edit(2000, 0.7), accept(3000)], 'edited'],
  [
    'an acceptance after an edit into something else stays a rejection',
    [shown(), edit(2000, 0.1), accept(3000)],
    'rejected',
  ],
  ['a decision at the end of the window counts', [shown(), reject(W)], 'rejected'],
  ['a decision one past the window does not', [shown(), reject(W + 1)], 'ignored'],
  ['a decision two minutes before the show counts', [shown(), accept(-BEFORE)], 'accepted'],
  ['a decision one before that does not', [shown(), accept(-BEFORE - 1)], 'ignored'],
  ['an edit outside the window does not touch the similarity', [shown(), accept(1000), edit(W + 1, 0.1)], 'accepted'],
  ['at one instant a reject stands over an edit', [shown(), edit(1000, 0.7), reject(1000)], 'rejected'],
  ['at one instant an edit stands over an acceptance', [shown(), accept(1000), edit(1000, 0.7)], 'edited'],
  ['the first show opens the window', [shown(5 * MINUTE), shown(), reject(W + 1)], 'ignored'],
  [
    'a surface with settings of its own has its own window',
    [shown(0, { surface: 'vscode' }), reject(MINUTE + 1)],
    'ignored',
    MINUTE,
  ],
  [
    'a surface with settings of its own has its own thresholds',
    [shown(0, { surface: 'vscode' }), edit(1000, 0.6)],
    'accepted',
  ],
];

test.each(cases)('%s', async (_, parts, expected, asOfMs) => {
  expect((await judge(parts, asOfMs)).outcome).toBe(expected);
});

describe('copies of one event', () => {
  const copyOf = (part: Part, ...times: number[]): Part[] => {
    const event_id = randomUUID();
    return times.map((ms, n) => ({
      ...part,
      event_id,
      occurred_at: shownAt + ms,
      received_at: shownAt + (n + 1) * MINUTE,
    }));
  };

  test('the earliest time decides, in whatever order they arrive', async () => {
    expect((await judge([shown(), ...copyOf(reject(0), W, W + 1)])).outcome).toBe('rejected');
    expect((await judge([shown(), ...copyOf(reject(0), W + 1, W)])).outcome).toBe('rejected');
    expect((await judge([shown(), accept(3000), ...copyOf(reject(0), 2000, 4000)])).outcome).toBe('accepted');
    expect((await judge([shown(), accept(3000), ...copyOf(reject(0), 4000, 2000)])).outcome).toBe('accepted');
  });

  test('the earliest time of a show opens the window', async () => {
    const { first_shown_at, outcome } = await judge([...copyOf(shown(), 5000, 0, 9000), reject(W + 1)]);
    expect([first_shown_at, outcome]).toEqual([instant(shownAt), 'ignored']);
  });
});

describe('once a token spoke', () => {
  test('untrusted events neither show nor decide', async () => {
    expect((await judge([{ ...generated, ...trusted }, shown(), accept(1000)])).outcome).toBe('not_shown');
    expect((await judge([shown(0, trusted), reject(1000)])).outcome).toBe('ignored');
    expect((await judge([{ ...generated, ...trusted }, shown(), accept(1000, trusted)])).outcome).toBe('orphan');
  });

  test('an untrusted show does not move the window of a trusted one', async () => {
    const judged = await judge([shown(-5 * MINUTE), shown(0, trusted), reject(W, trusted)]);
    expect([judged.outcome, judged.first_shown_at]).toEqual(['rejected', instant(shownAt)]);
  });

  test('the dimensions come whole from a trusted event, even when an untrusted one names more', async () => {
    const {
      prompt_version,
      model,
      trusted: said,
    } = await judge([
      shown(0, { prompt_id: 'p', prompt_version: '9', model: 'other', model_version: 'x', experiment: 'e' }),
      shown(0, { ...trusted, prompt_id: 'p', prompt_version: '7' }),
    ]);
    expect([prompt_version, model, said]).toEqual(['7', '', 1]);
  });

  test('only a trusted event names the person', async () => {
    const { user_kind, user_key } = await judge([
      shown(0, { user_kind: 'user', user_key: '99' }),
      shown(0, { ...trusted, user_kind: 'session', user_key: '7' }),
    ]);
    expect([user_kind, user_key]).toEqual([1, '7']);
    const nobody = await judge([shown(0, { user_kind: 'user', user_key: '99' }), { ...generated, ...trusted }]);
    expect([nobody.user_kind, nobody.user_key]).toEqual([0, '0']);
  });
});

test('of untrusted events the fullest gives the dimensions, whole', async () => {
  const { prompt_version, model } = await judge([
    shown(0, { prompt_id: 'p', prompt_version: '9' }),
    { ...generated, prompt_id: 'p', prompt_version: '7', model: 'm' },
  ]);
  expect([prompt_version, model]).toEqual(['7', 'm']);
});

test('a user stands over a client over a session', async () => {
  const { user_kind, user_key } = await judge([
    shown(0, { user_kind: 'session', user_key: '18446744073709551615' }),
    hint(1000),
    accept(2000, { user_kind: 'user', user_key: '5' }),
    accept(3000, { user_kind: 'client', user_key: '9' }),
  ]);
  expect([user_kind, user_key]).toEqual([3, '5']);
});

test('what bears on an outcome and came when it was final is late; a late copy of what was in time is not', async () => {
  const late = { received_at: shownAt + FINAL + 1 };
  const inTime = { received_at: shownAt + FINAL };
  const event_id = randomUUID();
  expect((await judge([shown(0, inTime), accept(1000, inTime)])).late).toBe(0);
  expect((await judge([shown(0, inTime), accept(1000, late)])).late).toBe(1);
  expect((await judge([shown(0, late)])).late).toBe(1);
  expect(
    (await judge([shown(0, inTime), accept(1000, { ...inTime, event_id }), accept(1000, { ...late, event_id })])).late,
  ).toBe(0);
  expect((await judge([shown(0, inTime), reject(W + 1, late)])).late).toBe(0);
  expect((await judge([shown(0, late)], FINAL - 1)).late).toBe(0);
});

test('only by force is forced; one show by itself is not', async () => {
  const forced = shown(0, { reason: 'forced' });
  expect((await judge([forced])).forced).toBe(1);
  expect((await judge([forced, shown(1000)])).forced).toBe(0);
  expect((await judge([shown()])).forced).toBe(0);
  expect((await judge([shown(0, { reason: 'forced', ...trusted }), shown(1000)])).forced).toBe(1);
});

test('a suspect clock marks a shown generation, by what is believed of it', async () => {
  expect((await judge([shown(), accept(1000, { clock_suspect: 1 })])).clock_suspect).toBe(1);
  expect((await judge([accept(1000, { clock_suspect: 1 })])).clock_suspect).toBe(0);
  expect((await judge([shown(0, trusted), accept(1000, { clock_suspect: 1 })])).clock_suspect).toBe(0);
});

test('a task is what the events say, else the generation itself', async () => {
  expect((await judge([shown(0, { task_id: 't1' })])).task_id).toBe('t1');
  expect((await judge([shown()])).task_id).toBe(`g${nth}`);
});

test('maturity comes at W + L after the show, whatever was decided', async () => {
  expect((await judge([shown(), accept(1000)], FINAL - 1)).mature).toBe(0);
  expect((await judge([shown(), accept(1000)], FINAL)).mature).toBe(1);
  expect((await judge([accept(1000)], FINAL)).mature).toBe(0);
});

test('new settings judge old generations without touching them', async () => {
  const judged = await judge([shown(), reject(W + 1)]);
  expect([judged.outcome, judged.metric_version]).toEqual(['ignored', 'm1']);
  await clickhouse.reporter.insertBlock('tacit.metric_settings', [
    ndjson([
      {
        project_id: 'acme',
        surface: '',
        metric_version: 'm2',
        window_s: 601,
        lateness_s: 300,
        theta_same: 0.98,
        theta_replace: 0.3,
      },
    ]),
  ]);
  const [again] = await clickhouse.reporter.query<Judged>(
    'SELECT * FROM tacit.outcomes_at(as_of = {as_of:DateTime64(3)}) WHERE generation_id = {g:String}',
    { as_of: instant(shownAt + 60 * MINUTE), g: `g${nth}` },
  );
  expect([again?.outcome, again?.metric_version]).toEqual(['rejected', 'm2']);
});
