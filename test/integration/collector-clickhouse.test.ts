// From HTTP into the real table: every type of event arrives in its columns, and none of the known traps makes a block that the
// table refuses or misreads. The rows are inserted as the sink inserts them: as bytes, unread.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signGeneration } from '../../services/beacon/server.js';
import { DROP_REASONS } from '../../shared/contract/drop-reasons.js';
import { EVENT_TYPES, type EventType } from '../../shared/contract/rows.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import {
  SERVER_KEY,
  SIGNING_SECRET,
  batchOf,
  copyEvent,
  eventId,
  startTestCollector,
  type TestCollector,
} from '../support/collector.js';

let clickhouse: TestClickHouse;
let collector: TestCollector;
beforeAll(async () => {
  clickhouse = await startTestClickHouse({ projects: ['test'] });
  collector = await startTestCollector();
});
afterAll(async () => {
  await collector.close();
  await clickhouse.stop();
});
beforeEach(() => collector.memory.appends.splice(0));

type Row = Record<string, unknown>;
const SERVER = { authorization: `Bearer ${SERVER_KEY}` };

/** Inserts all that was appended since the test began. */
async function insertAll(): Promise<void> {
  for (const table of ['events', 'drops', 'erasures'] as const) {
    const bodies = collector.memory.appends.flat().flatMap((block) => (block.table === table ? [block.body] : []));
    if (bodies.length > 0) await clickhouse.writer.insertBlock(table, bodies);
  }
}

async function storedEvent(id: unknown): Promise<Row | undefined> {
  const [row] = await clickhouse.migrator.query<Row>(
    'SELECT * REPLACE (toUnixTimestamp64Milli(generated_at) AS generated_at, toUnixTimestamp64Milli(occurred_at) AS occurred_at, toUnixTimestamp64Milli(received_at) AS received_at) FROM tacit.events WHERE event_id = {id:UUID}',
    { id: String(id) },
  );
  return row;
}

/** Sends one event and reads it back from the table. */
async function roundTrip(event: Row, batch: object = {}, headers: Record<string, string> = {}): Promise<Row> {
  const answer = await collector.send(batchOf([event], batch), headers);
  expect(answer).toEqual({ accepted: 1, dropped: [] });
  await insertAll();
  return (await storedEvent(event['id'])) ?? {};
}

describe('each type of event', () => {
  const cases: Record<EventType, readonly [fields: object, columns: object]> = {
    generated: [{ length: 812 }, { total_chars: 812 }],
    shown: [
      { visibleMs: 750.4, forced: true },
      { shows: 1, visible_ms: 750, reason: 'forced' },
    ],
    copy: [
      { chars: 203, of: 812, method: 'menu', part: 'code' },
      { chars: 203, total_chars: 812, reason: 'menu', label: 'code', decides: 'accept', decision_value: 0.25 },
    ],
    accept: [
      { method: 'tab', chars: 1, of: 4 },
      { reason: 'tab', decides: 'accept', decision_value: 0.25 },
    ],
    edit: [
      { similarity: 0.5, distance: 400, from: 812, to: 4_294_967_295, approx: 'grams', by: 'idle' },
      {
        decides: 'edit',
        decision_value: 0.5,
        total_chars: 812,
        chars: 4_294_967_295,
        value: 400,
        label: 'grams',
        reason: 'idle',
      },
    ],
    reject: [{ reason: 'stopped' }, { decides: 'reject', decision_value: 0, reason: 'stopped' }],
    ignore: [
      { reason: 'lost', visibleMs: 4_294_967_295 },
      { reason: 'lost', visible_ms: 4_294_967_295, decides: 'nothing' },
    ],
    retention: [
      { afterMs: 30_000, similarity: 0.9, retainedChars: 700 },
      { after_ms: 30_000, value: 0.9, chars: 700 },
    ],
    rate: [
      { value: -1e9, label: 'down' },
      { value: -1e9, label: 'down' },
    ],
    score: [
      {
        name: 'f',
        version: '2',
        subject: 's',
        value: 0.25,
        label: 'l',
        rank: 65_535,
        action: 'shadow',
        source: 'retriever',
      },
      {
        name: 'f',
        version: '2',
        subject: 's',
        value: 0.25,
        label: 'l',
        rank: 65_535,
        action: 'shadow',
        source: 'retriever',
      },
    ],
  };

  it.each(EVENT_TYPES)('%s arrives in its columns', async (type) => {
    const [fields, columns] = cases[type];
    const event = { id: eventId(), type, g: 'g1', t: Date.now() - 500, ...fields };
    const row = await roundTrip(event, {}, SERVER);
    expect(row).toMatchObject({ event_type: type, event_id: event.id, occurred_at: String(event.t), ...columns });
  });

  it('arrives with what its batch and its generation say', async () => {
    const generatedAt = Date.now() - 5000;
    const token = signGeneration(
      {
        generationId: 'g1',
        promptId: 'p',
        promptVersion: '7',
        model: 'm',
        modelVersion: '2',
        generatedAt,
        experiment: { id: 'e', arm: 'B', assignment: 'randomised:user' },
      },
      SIGNING_SECRET,
    );
    const row = await roundTrip(copyEvent(), {
      surface: 'web',
      sdk: 'tacit-web/1.0.0',
      userId: 'u1',
      attributes: { locale: 'de', 'quote\'"\\': '\u0000\n' },
      generations: { g1: { token, taskId: 'task' } },
    });
    expect(row).toMatchObject({
      project_id: 'test',
      generation_id: 'g1',
      generated_at: String(generatedAt),
      prompt_id: 'p',
      prompt_version: '7',
      model: 'm',
      model_version: '2',
      experiment: 'e',
      arm: 'B',
      assignment: 'randomised:user',
      task_id: 'task',
      surface: 'web',
      sdk: 'tacit-web/1.0.0',
      user_kind: 'user',
      trusted: 1,
      attributes: { locale: 'de', 'quote\'"\\': '\u0000\n' },
    });
    expect(row['user_key']).toBe(collector.memory.rows('events')[0]?.['user_key']);
  });

  it('has every default of the table where it says nothing', async () => {
    const row = await roundTrip({ id: eventId(), type: 'generated', g: 'g1', t: Date.now() });
    expect(row).toMatchObject({
      shows: 0,
      decides: 'nothing',
      user_kind: 'none',
      user_key: '0',
      trusted: 0,
      attributes: {},
    });
    expect(row['ingested_at']).not.toBe('1970-01-01 00:00:00.000');
  });
});

describe('the traps', () => {
  const send = async (text: string, headers: Record<string, string> = {}) => await collector.post(text, headers);
  const now = Date.now();
  const raw = (event: string, batch = '') =>
    `{"generations":{"g1":{"generatedAt":${now}}}${batch},"events":[${event}]}`;
  const reject = (fields = '', id = eventId()) =>
    `{"id":"${id}","type":"reject","reason":"undone","g":"g1","t":${now}${fields}}`;
  const rate = (value: string, id = eventId()) => `{"id":"${id}","type":"rate","value":${value},"g":"g1","t":${now}}`;

  it.each(['\\ud83d', '\\ud800\\u00e9', '\\udc00', 'x\\ud83d\\ud83d'])(
    '1: half an emoji (%s) is mended and costs no neighbour',
    async (half) => {
      const [bad, good] = [eventId(), eventId()];
      const batch = `,"surface":"${half}","attributes":{"a${half}":"${half}"}`;
      const events = `{"id":"${bad}","type":"rate","value":1,"label":"${half}","g":"g1","t":${now}},${reject('', good)}`;
      expect((await send(raw(events, batch))).status).toBe(202);
      await insertAll();
      expect((await storedEvent(bad))?.['label']).toContain('\ufffd');
      expect(await storedEvent(good)).toMatchObject({ reason: 'undone' });
      const [{ valid } = { valid: 0 }] = await clickhouse.migrator.query<{ valid: number }>(
        'SELECT min(isValidUTF8(label) AND isValidUTF8(surface) AND isValidUTF8(toString(attributes))) AS valid FROM tacit.events',
      );
      expect(valid).toBe(1);
    },
  );

  it('2: deep JSON is refused before anything recursive sees it', async () => {
    for (const deep of ['{"a":'.repeat(5000), raw(reject(`,"x":${'['.repeat(400_000)}`))]) {
      const response = await send(deep);
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'too_deep']);
    }
  });

  it('3: a number beyond all numbers is no value', async () => {
    for (const value of ['1e400', '-1e400', 'null', '1e10']) {
      const response = await send(raw(rate(value)));
      expect(await response.json()).toMatchObject({
        accepted: 0,
        dropped: [{ reason: 'invalid_field', field: 'value' }],
      });
    }
  });

  it('4: digits beyond 2^53 are refused where they would be rounded, and ids are texts', async () => {
    const copy = (chars: string) =>
      `{"id":"${eventId()}","type":"copy","chars":${chars},"of":4294967295,"method":"menu","g":"g1","t":${now}}`;
    const numberAsId = `{"id":"${eventId()}","type":"reject","reason":"undone","g":9007199254740993,"t":${now}}`;
    const response = await send(raw([copy('9007199254740993'), numberAsId].join()));
    expect(await response.json()).toMatchObject({
      dropped: [{ reason: 'invalid_field', field: 'chars' }, { reason: 'invalid_generation_id' }],
    });
  });

  it('5: of duplicate keys the last counts, in the table too', async () => {
    const id = eventId();
    expect((await send(raw(reject(',"reason":"deleted"', id)))).status).toBe(202);
    await insertAll();
    expect(await storedEvent(id)).toMatchObject({ reason: 'deleted' });
  });

  it('6: __proto__ is a name like any other and changes no prototype', async () => {
    const id = eventId();
    const body = `{"__proto__":{"backfill":true},"generations":{"__proto__":{"generatedAt":${now},"promptId":"p"}},"attributes":{"a":"b","__proto__":"x"},"events":[{"id":"${id}","__proto__":{"forced":true},"type":"shown","visibleMs":1,"g":"__proto__","t":${now}}]}`;
    expect(await (await send(body)).json()).toEqual({ accepted: 1, dropped: [] });
    await insertAll();
    expect(await storedEvent(id)).toMatchObject({ generation_id: '__proto__', prompt_id: 'p', shows: 0 });
    expect(({} as Row)['backfill']).toBeUndefined();
  });

  it('7 and 8: invalid UTF-8, a BOM, other charsets and missing bodies are refused, never taken as nothing', async () => {
    const bytes = Buffer.from(raw(reject()));
    const broken = Buffer.concat([bytes.subarray(0, -2), Buffer.from([0xff]), bytes.subarray(-2)]);
    const cases: readonly (readonly [unknown, Record<string, string>, number])[] = [
      [broken, {}, 400],
      [Buffer.concat([Buffer.from('\ufeff'), bytes]), {}, 400],
      [Buffer.from(raw(reject()), 'utf16le'), { 'content-type': 'application/json; charset=utf-16le' }, 415],
      [bytes, { 'content-type': '' }, 415],
      [bytes, { 'content-type': 'application/x-www-form-urlencoded' }, 415],
      ['', {}, 400],
      [undefined, {}, 400],
    ];
    for (const [body, headers, status] of cases) expect((await collector.post(body, headers)).status).toBe(status);
  });

  it('10: times that are no times of this world are replaced or refused, and marked', async () => {
    const at = (t: string) => `{"id":"${eventId()}","type":"reject","reason":"undone","g":"g1","t":${t}}`;
    const response = await send(raw([at('8.64e15'), at('-8.64e15'), at('0'), at('"2026-02-30"'), at('1e300')].join()));
    expect(await response.json()).toMatchObject({
      accepted: 3,
      dropped: [
        { index: 3, reason: 'invalid_field', field: 't' },
        { index: 4, reason: 'invalid_field', field: 't' },
      ],
    });
    await insertAll();
    const ids = collector.memory.rows('events').map((row) => String(row['event_id']));
    for (const id of ids) {
      const row = await storedEvent(id);
      expect(row?.['clock_suspect']).toBe(1);
      expect(Math.abs(Number(row?.['occurred_at']) - now)).toBeLessThan(60_000);
    }
  });

  it('11: what the table would take silently wrong is refused: no fraction, no sign, no text where a count belongs', async () => {
    const rank = (value: string) =>
      `{"id":"${eventId()}","type":"score","name":"n","value":1,"source":"human","rank":${value},"g":"g1","t":${now}}`;
    const values = ['65536', '-1', '1.5', '"7"', 'null', 'true', '[]'];
    const response = await send(raw(values.map(rank).join()), SERVER);
    const { accepted, dropped } = (await response.json()) as { accepted: number; dropped: Row[] };
    expect(accepted).toBe(0);
    expect(dropped.map(({ reason, field }) => [reason, field])).toEqual(values.map(() => ['invalid_field', 'rank']));
  });
});

describe('drops and erasures', () => {
  it('are counted once in the table, however often the batch is sent', async () => {
    const batch = batchOf([copyEvent({ type: 'poke' }), copyEvent({ type: 'poke' }), null]);
    for (let i = 0; i < 3; i++) await collector.send(batch);
    await insertAll();
    const rows = await clickhouse.migrator.query<{ reason: string; n: string }>(
      "SELECT reason, sum(n) AS n FROM tacit.drops FINAL WHERE reason IN ('unknown_type', 'not_an_object') GROUP BY reason ORDER BY reason",
    );
    expect(rows).toEqual([
      { reason: 'not_an_object', n: '1' },
      { reason: 'unknown_type', n: '2' },
    ]);
    expect(DROP_REASONS).toContain(rows[0]?.reason);
  });

  it('name the person as the events do', async () => {
    const event = copyEvent();
    await collector.send(batchOf([event], { userId: 'to-be-forgotten' }));
    await fetch(`${collector.url}/v1/users/to-be-forgotten`, { method: 'DELETE', headers: SERVER });
    await insertAll();
    const rows = await clickhouse.migrator.query<Row>(
      'SELECT event_id FROM tacit.events WHERE user_key IN (SELECT user_key FROM tacit.erasures)',
    );
    expect(rows).toEqual([{ event_id: event['id'] }]);
  });
});
