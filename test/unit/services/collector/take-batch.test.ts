// From a parsed body to rows and an answer: each drop reason, each limit at it and one past, and the law that nothing vanishes.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newGenerationId, signGeneration } from '../../../../services/beacon/server.js';
import { KeyRing, type Caller } from '../../../../services/collector/keys.js';
import { Problem } from '../../../../services/collector/problem.js';
import { RateLimits } from '../../../../services/collector/rate-limit.js';
import { ALL_STEPS } from '../../../../services/collector/steps/all-steps.js';
import { StepTimes } from '../../../../services/collector/steps/run-steps.js';
import { readBatch, takeBatch, type TakenBatch } from '../../../../services/collector/take-batch.js';
import { EVENTS_MAX, ROWS_BYTES_MAX, ROW_BYTES_MAX } from '../../../../shared/contract/limits.js';
import type { DropReason } from '../../../../shared/contract/drop-reasons.js';
import { SERVER_KEY, SIGNING_SECRET, WRITE_KEY, eventId, testProjects } from '../../../support/collector.js';
import { rowsOf } from '../../../support/memory-stream.js';

const NOW = 1_767_225_600_000;
const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

interface Setting {
  readonly project?: object;
  readonly key?: string;
  readonly gpc?: boolean;
}

function caller({ project = {}, key = WRITE_KEY }: Setting): Caller {
  const ring = new KeyRing(testProjects(project), new RateLimits(() => 0));
  const found = ring.find({ authorization: `Bearer ${key}`, origin: undefined, queryKey: undefined });
  if (found === undefined) throw new Error('no such key');
  return found;
}

function take(body: object, setting: Setting = {}): TakenBatch | Problem {
  const batch = readBatch(body);
  if (batch instanceof Problem) return batch;
  const source = { caller: caller(setting), gpc: setting.gpc ?? false, receivedAt: NOW };
  return takeBatch(batch, source, new StepTimes(ALL_STEPS));
}

function taken(body: object, setting: Setting = {}): { answer: TakenBatch['answer']; events: Row[]; drops: Row[] } {
  const result = take(body, setting);
  if (result instanceof Problem) throw new Error(result.code);
  const rows = (table: string) =>
    result.lines.filter((lines) => lines.table === table).flatMap(({ text }) => rowsOf({ body: Buffer.from(text) }));
  return { answer: result.answer, events: rows('events'), drops: rows('drops') };
}

type Row = Record<string, unknown>;
const event = (changes: object = {}): Row => ({
  id: eventId(),
  type: 'reject',
  reason: 'undone',
  g: 'g1',
  t: NOW,
  ...changes,
});
const g1 = { g1: { generatedAt: NOW - SECOND } };
const one = (changes: object, batch: object = {}): object => ({ generations: g1, events: [event(changes)], ...batch });

const generation = { promptId: 'p', promptVersion: '1', model: 'm', modelVersion: '1' };
const token = (changes: object = {}, secret = SIGNING_SECRET): string =>
  signGeneration({ ...generation, generationId: 'g1', generatedAt: NOW - SECOND, ...changes }, secret);
const withToken = (value: unknown, changes: object = {}): object => ({
  generations: { g1: { token: value } },
  events: [event(changes)],
});

/** A token that signGeneration would not make. */
function forged(payload: object): string {
  const signed = `t1.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  return `${signed}.${createHmac('sha256', SIGNING_SECRET).update(signed).digest('base64url')}`;
}

type Outcome = 'accepted' | DropReason | `${DropReason}:${string}`;
type Case = readonly [name: string, body: object, expected: Outcome, setting?: Setting];

function outcomeOf(body: object, setting?: Setting): Outcome {
  const { answer } = taken(body, setting);
  const [dropped] = answer.dropped;
  if (dropped === undefined) return 'accepted';
  return dropped.field === undefined ? dropped.reason : `${dropped.reason}:${dropped.field}`;
}

function check(cases: readonly Case[]): void {
  for (const [name, body, expected, setting] of cases) it(name, () => expect(outcomeOf(body, setting)).toBe(expected));
}

describe('reading an event', () => {
  const cases: readonly Case[] = [
    ['a good one', one({}), 'accepted'],
    ['null', { events: [null] }, 'not_an_object'],
    ['an array', { events: [[event()]] }, 'not_an_object'],
    ['a text', { events: ['copy'] }, 'not_an_object'],
    ['no id', one({ id: undefined }), 'invalid_id'],
    ['an id that is no UUID', one({ id: 'e1' }), 'invalid_id'],
    ['no id and an unknown type', one({ id: null, type: 'poke' }), 'invalid_id'],
    ['an unknown type', one({ type: 'poke' }), 'unknown_type'],
    ['no type', one({ type: undefined }), 'unknown_type'],
    ['a type of the prototype', one({ type: 'constructor' }), 'unknown_type'],
    ['a bad field', one({ reason: 'bored' }), 'invalid_field:reason'],
    ['no time', one({ t: undefined }), 'invalid_field:t'],
    [
      'two bad fields: the first is named',
      one({ type: 'copy', chars: -1, of: -1, method: 'x' }),
      'invalid_field:chars',
    ],
    ['more characters than there are', one({ type: 'copy', chars: 3, of: 2, method: 'menu' }), 'invalid_field:chars'],
    ['no generation', one({ g: undefined }), 'invalid_generation_id'],
    ['a generation as a number', one({ g: 7 }), 'invalid_generation_id'],
    ['a blank generation', one({ g: ' \t ' }), 'invalid_generation_id'],
    ['a lone surrogate in the generation', one({ g: 'a\ud83d' }), 'invalid_generation_id'],
    ['NUL in the generation', one({ g: 'a\0' }), 'invalid_generation_id'],
    ['129 characters of generation', one({ g: 'x'.repeat(129) }), 'invalid_generation_id'],
    ['a score by a public key', one({ type: 'score', name: 'n', value: 1, source: 'human' }), 'not_allowed'],
    [
      'a score by a server key',
      one({ type: 'score', name: 'n', value: 1, source: 'human' }),
      'accepted',
      { key: SERVER_KEY },
    ],
    ['backfill by a public key', one({}, { backfill: true }), 'not_allowed'],
    ['no backfill by a public key', one({}, { backfill: false }), 'accepted'],
    ['Sec-GPC', one({}), 'opted_out', { gpc: true }],
    ['Sec-GPC where nobody honours it', one({}), 'accepted', { gpc: true, project: { honourGpc: false } }],
  ];
  check(cases);
});

describe('the generation of an event', () => {
  const entry = (value: unknown): object => ({ generations: { g1: value }, events: [event()] });
  const at = (generatedAt: number, batch: object = {}): object => ({ ...entry({ generatedAt }), ...batch });
  const bare = (id: string): object => ({ events: [event({ g: id })] });
  const server = { key: SERVER_KEY };
  const cases: readonly Case[] = [
    ['null', entry(null), 'invalid_field:generations.g1'],
    ['a long name', entry({ generatedAt: NOW, model: 'x'.repeat(201) }), 'invalid_field:generations.g1'],
    ['a time as a text', entry({ generatedAt: '2026' }), 'invalid_field:generations.g1'],
    ['no entry', { events: [event()] }, 'missing_generated_at'],
    ['an entry without a time', entry({}), 'missing_generated_at'],
    ['an entry by inheritance', { generations: {}, events: [event({ g: 'toString' })] }, 'missing_generated_at'],
    ['a UUIDv7', bare(newGenerationId(NOW - SECOND)), 'accepted'],
    ['an old UUIDv7', bare(newGenerationId(NOW - 31 * DAY)), 'too_old'],
    ['a UUIDv7 with a prefix', bare(`m:${newGenerationId(NOW)}`), 'missing_generated_at'],
    ['30 days back', at(NOW - 30 * DAY), 'accepted'],
    ['more than 30 days back', at(NOW - 30 * DAY - 1), 'too_old'],
    ['1 h ahead', at(NOW + HOUR), 'accepted'],
    ['more than 1 h ahead', at(NOW + HOUR + 1), 'too_new'],
    ['more than 1 h ahead by a clock that is ahead', at(NOW + 3 * HOUR, { sentAt: NOW + 3 * HOUR }), 'accepted'],
    ['12 months back, as backfill', at(NOW - 365 * DAY, { backfill: true }), 'accepted', server],
    ['more than 12 months back', at(NOW - 365 * DAY - 1, { backfill: true }), 'too_old', server],
  ];
  check(cases);

  it('named __proto__ is one like any other', () => {
    const body = JSON.parse(`{"generations":{"__proto__":{"generatedAt":${NOW}}},"events":[]}`) as {
      events: unknown[];
    };
    body.events.push(event({ g: '__proto__' }));
    expect(taken(body).events).toMatchObject([{ generation_id: '__proto__' }]);
  });

  it('has one time on every event, that of its id, whatever its entry says', () => {
    const id = newGenerationId(NOW - 5 * SECOND);
    const rows = [undefined, { generatedAt: NOW }, { generatedAt: 1 }].map((value) =>
      taken({ generations: value && { [id]: value }, events: [event({ g: id })] }),
    );
    expect(rows.map(({ events }) => events[0]?.['generated_at'])).toEqual(Array(3).fill(NOW - 5 * SECOND));
  });
});

describe('a generation token', () => {
  const uuid = newGenerationId(NOW);
  const tokenFor = (id: string, changes: object = {}): object => ({
    generations: { [id]: { token: forged({ generationId: id, generatedAt: NOW, ...changes }) } },
    events: [event({ g: id })],
  });
  const required = { project: { requireToken: true } };
  const cases: readonly Case[] = [
    ['a good one', withToken(token()), 'accepted'],
    ['another secret', withToken(token({}, 'another-signing-secret')), 'token_invalid'],
    ['null', withToken(null), 'token_invalid'],
    ['empty', withToken(''), 'token_invalid'],
    ['a number', withToken(7), 'token_invalid'],
    ['an object', withToken({}), 'token_invalid'],
    ['4 KB and one more', withToken(`t1.${'A'.repeat(4050)}.${'A'.repeat(43)}`), 'token_invalid'],
    ['another generation', withToken(token({ generationId: 'g2' })), 'token_mismatch:generationId'],
    [
      'expired and of another generation',
      withToken(token({ generationId: 'g2', exp: 1 })),
      'token_mismatch:generationId',
    ],
    ['1 h from its id', tokenFor(uuid, { generatedAt: NOW + HOUR }), 'accepted'],
    ['more than 1 h from its id', tokenFor(uuid, { generatedAt: NOW + HOUR + 1 }), 'token_mismatch:generationId'],
    ['more than 1 h before its id', tokenFor(uuid, { generatedAt: NOW - HOUR - 1 }), 'token_mismatch:generationId'],
    ['expiring as the event happens', withToken(token({ exp: NOW })), 'accepted'],
    ['expired before the event', withToken(token({ exp: NOW - 1 })), 'token_expired'],
    [
      'expired after the event, which came late',
      withToken(token({ exp: NOW - HOUR }), { t: NOW - 2 * HOUR }),
      'accepted',
    ],
    ['expired, by our clock, as the client has none', withToken(token({ exp: NOW - 1 }), { t: 0 }), 'token_expired'],
    ['of more than 30 days without an end', tokenFor('g9', { generatedAt: NOW - 30 * DAY }), 'accepted'],
    ['none where it is required', one({}), 'token_required', required],
    ['none where it is required, by a server', one({}), 'token_required', { ...required, key: SERVER_KEY }],
    ['one where it is required', withToken(token()), 'accepted', required],
    ['one where no secret is known', withToken(token()), 'token_invalid', { project: { signingSecrets: [] } }],
    [
      'one by the older of two secrets',
      withToken(token()),
      'accepted',
      { project: { signingSecrets: [{ value: 'the-new-signing-secret' }, { value: SIGNING_SECRET }] } },
    ],
  ];
  check(cases);

  it('names dimensions, time and person; the page names none of them', () => {
    const signed = token({ user: 'u1', experiment: { id: 'e', arm: 'A', assignment: 'randomised:user' } });
    const page = {
      token: signed,
      promptId: 'forged',
      generatedAt: 5,
      experiment: { id: 'forged', arm: 'Z' },
      taskId: 'task',
    };
    const { events } = taken({ userId: 'other', generations: { g1: page }, events: [event()] });
    const { events: byUser } = taken({ userId: 'u1', generations: g1, events: [event()] });
    expect(events).toMatchObject([
      {
        trusted: 1,
        prompt_id: 'p',
        experiment: 'e',
        arm: 'A',
        assignment: 'randomised:user',
        task_id: 'task',
        generated_at: NOW - SECOND,
        user_kind: 'user',
        user_key: byUser[0]?.['user_key'],
      },
    ]);
    expect(byUser[0]).not.toHaveProperty('trusted');
  });

  it('is what makes an event trusted: a server key alone does not', () => {
    expect(taken(one({}), { key: SERVER_KEY }).events[0]).not.toHaveProperty('trusted');
  });
});

describe('attributes', () => {
  const many = (n: number): object => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, 'v']));
  const cases: readonly Case[] = [
    ['32 of the batch', one({}, { attributes: many(32) }), 'accepted'],
    ['33 of the batch', one({}, { attributes: many(33) }), 'too_many_attributes'],
    ['32 of the event', one({ attributes: many(32) }), 'accepted'],
    ['33 of the event', one({ attributes: many(33) }), 'too_many_attributes'],
    ['32 together', one({ attributes: { k0: 'x' } }, { attributes: many(32) }), 'accepted'],
    ['33 together', one({ attributes: { more: 'x' } }, { attributes: many(32) }), 'too_many_attributes'],
    ['no text, in the batch', one({}, { attributes: { a: 1 } }), 'invalid_field:attributes'],
    ['no text, in the event', one({ attributes: { a: null } }), 'invalid_field:attributes'],
    ['200 characters', one({}, { attributes: { a: 'x'.repeat(200) } }), 'accepted'],
    ['201 characters', one({}, { attributes: { a: 'x'.repeat(201) } }), 'invalid_field:attributes'],
    ['a name of 201 characters', one({ attributes: { ['x'.repeat(201)]: '' } }), 'invalid_field:attributes'],
  ];
  check(cases);

  it('of the event stand above those of the batch', () => {
    const { events } = taken(one({ attributes: { a: 'event' } }, { attributes: { a: 'batch', b: 'batch' } }));
    expect(events[0]?.['attributes']).toEqual({ a: 'event', b: 'batch' });
  });
});

describe('sizes', () => {
  /** Attributes that give a row of exactly `bytes`: a control character is one unit in a batch and six bytes in a row. */
  function attributesFor(bytes: number, nameUnits: number): object {
    const names = Array.from({ length: 32 }, (_, i) => `${i}`.padStart(2, '0') + '\u0001'.repeat(nameUnits));
    const empty = Object.fromEntries(names.map((name) => [name, '']));
    let rest = bytes - Buffer.byteLength(`${JSON.stringify(taken(one({}, { attributes: empty })).events[0])}\n`);
    return Object.fromEntries(
      names.map((name, i) => {
        const units = Math.min(194, Math.floor(rest / 6));
        const plain = i === 31 ? rest - 6 * units : 0;
        rest -= 6 * units + plain;
        return [name, '\u0001'.repeat(units) + 'x'.repeat(plain)];
      }),
    );
  }
  const bytesOf = (row: Row | undefined) => Buffer.byteLength(`${JSON.stringify(row)}\n`);

  it('a row of 64 KiB is taken, and one byte more is not', () => {
    const attributes = attributesFor(ROW_BYTES_MAX, 198);
    expect(bytesOf(taken(one({}, { attributes })).events[0])).toBe(ROW_BYTES_MAX);
    expect(outcomeOf(one({}, { attributes: attributesFor(ROW_BYTES_MAX + 1, 198) }))).toBe('row_too_large');
  });

  it('the rows of a batch are taken up to 4 MiB, and one byte more is not', () => {
    const attributes = attributesFor(ROWS_BYTES_MAX / 128, 0);
    const events = Array.from({ length: 128 }, () => event());
    const batch = taken({ generations: g1, attributes, events });
    expect(batch.events.reduce((sum, row) => sum + bytesOf(row), 0)).toBe(ROWS_BYTES_MAX);
    const longer = [...events.slice(1), event({ reason: 'deleted' })];
    expect(take({ generations: g1, attributes, events: longer })).toMatchObject({ code: 'rows_too_large' });
  });

  it('1000 events are taken and 1001 are not', () => {
    const events = (n: number) => Array.from({ length: n }, () => event());
    expect(taken({ generations: g1, events: events(EVENTS_MAX) }).answer.accepted).toBe(1000);
    expect(take({ generations: g1, events: events(EVENTS_MAX + 1) })).toMatchObject({ code: 'too_many_events' });
  });

  it('an empty batch is one of its own kind', () => {
    expect(take({ events: [] })).toMatchObject({ code: 'empty_batch' });
    expect(take({})).toMatchObject({ code: 'invalid_batch' });
    expect(take({ events: [event()], backfill: 1 })).toMatchObject({
      code: 'invalid_batch',
      detail: 'backfill: Invalid input: expected boolean, received number',
    });
  });
});

describe('times', () => {
  const row = (body: object, setting?: Setting): Row => taken(body, setting).events[0] ?? {};

  it('are kept when they are possible, and rounded to ms', () => {
    expect(row(one({ t: NOW - 1234.4 }, { sentAt: NOW - 60 * SECOND }))).toMatchObject({ occurred_at: NOW - 1234 });
  });

  it('are shifted when the clock is off, and marked', () => {
    for (const off of [-2 * HOUR, 2 * HOUR])
      expect(row(one({ t: NOW + off }, { sentAt: NOW + off }))).toMatchObject({ occurred_at: NOW, clock_suspect: 1 });
  });

  it('become the receipt when they are impossible, and are marked', () => {
    expect(row(one({ t: 0 }))).toMatchObject({ occurred_at: NOW, clock_suspect: 1 });
  });

  it('are kept 12 months back for backfill', () => {
    const old = NOW - 300 * DAY;
    const body = { backfill: true, generations: { g1: { generatedAt: old } }, events: [event({ t: old + HOUR })] };
    const stored = row(body, { key: SERVER_KEY });
    expect(stored).toMatchObject({ occurred_at: old + HOUR, generated_at: old });
    expect(stored).not.toHaveProperty('clock_suspect');
  });
});

describe('the answer', () => {
  it('gives position, id as it was said, reason and field of each event that was dropped', () => {
    const bad = event({ reason: 'bored', id: 'ABCDEF00-0000-0000-0000-000000000001' });
    const { answer } = taken({
      generations: g1,
      events: [event(), bad, null, event({ id: 7 }), event({ id: 'e1' }), event()],
    });
    expect(answer).toEqual({
      accepted: 2,
      dropped: [
        { index: 1, id: bad['id'], reason: 'invalid_field', field: 'reason' },
        { index: 2, id: null, reason: 'not_an_object' },
        { index: 3, id: null, reason: 'invalid_id' },
        { index: 4, id: 'e1', reason: 'invalid_id' },
      ],
    });
  });

  it('counts an event that is repeated, in any case, as accepted, and stores it once', () => {
    const id = 'ABCDEF00-0000-4000-8000-00000000000a';
    const { answer, events } = taken({
      generations: g1,
      events: [event({ id }), event({ id: id.toLowerCase() }), event({ id, reason: 'deleted' })],
    });
    expect(answer).toEqual({ accepted: 3, dropped: [] });
    expect(events).toMatchObject([{ event_id: id.toLowerCase(), reason: 'undone' }]);
  });

  it('accounts for every event exactly once, whatever it is', () => {
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.record(
        {
          id: fc.oneof(fc.uuid(), fc.constant('11111111-1111-1111-1111-111111111111'), fc.string()),
          type: fc.constantFrom('reject', 'copy', 'shown', 'poke'),
          g: fc.constantFrom('g1', 'g2', '\ud800', '__proto__'),
          t: fc.oneof(fc.double(), fc.constant(NOW)),
          reason: fc.constantFrom('undone', 'bored'),
          visibleMs: fc.double(),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(fc.array(anything, { minLength: 1, maxLength: 20 }), (events) => {
        const { answer, events: rows, drops } = taken({ generations: g1, events });
        expect(answer.accepted + answer.dropped.length).toBe(events.length);
        expect(drops.reduce((sum, row) => sum + Number(row['n']), 0)).toBe(answer.dropped.length);
        const droppedAt = new Set(answer.dropped.map(({ index }) => index));
        const ids = events.filter((_, i) => !droppedAt.has(i)).map((e) => String((e as Row)['id']).toLowerCase());
        expect(rows.map((row) => row['event_id'])).toEqual([...new Set(ids)]);
      }),
    );
  });
});

describe('copies of one event in a batch', () => {
  it('are all accepted, and the earliest has a row in whatever order they stand', () => {
    const check = (times: readonly number[], rows: readonly number[]) => {
      const id = eventId();
      const { answer, events } = taken({ generations: g1, events: times.map((t) => event({ id, t })) });
      expect(answer).toEqual({ accepted: times.length, dropped: [] });
      expect(events.map((row) => row['occurred_at'])).toEqual(rows);
    };
    check([NOW, NOW, NOW], [NOW]);
    check([NOW - SECOND, NOW], [NOW - SECOND]);
    check([NOW, NOW - SECOND, NOW], [NOW, NOW - SECOND]);
  });
});
