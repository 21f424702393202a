// The shape of a batch and of what it says about generations.
import { describe, expect, it } from 'vitest';
import { batchSchema } from '../../../../shared/contract/batch.js';
import { generationEntrySchema, tokenPayloadSchema } from '../../../../shared/contract/generation.js';

const long = (chars: number) => 'x'.repeat(chars);

describe('a batch', () => {
  const cases: readonly (readonly [string, unknown, boolean])[] = [
    ['only events', { events: [] }, true],
    ['an unknown field', { events: [], colour: 'red' }, true],
    ['events of any kind', { events: [null, 7, {}] }, true],
    ['sentAt of any kind', { events: [], sentAt: 'yesterday' }, true],
    ['no events', {}, false],
    ['events as an object', { events: {} }, false],
    ['an array', [], false],
    ['null', null, false],
    ['a text', 'events', false],
    ['generations as an array', { events: [], generations: [] }, false],
    ['generations as null', { events: [], generations: null }, false],
    ['attributes as a text', { events: [], attributes: 'a=b' }, false],
    ['attributes with a bad value', { events: [], attributes: { a: 1 } }, true],
    ['backfill as a text', { events: [], backfill: 'true' }, false],
    ['a user of 128 characters', { events: [], userId: long(128) }, true],
    ['a user of 129 characters', { events: [], userId: long(129) }, false],
    ['a user as a number', { events: [], userId: 7 }, false],
    ['a client of 129 characters', { events: [], clientId: long(129) }, false],
    ['a session of 129 characters', { events: [], sessionId: long(129) }, false],
    ['an SDK of 200 characters', { events: [], sdk: long(200) }, true],
    ['an SDK of 201 characters', { events: [], sdk: long(201) }, false],
    ['a surface of 201 characters', { events: [], surface: long(201) }, false],
  ];
  it.each(cases)('%s', (_, batch, taken) => expect(batchSchema.safeParse(batch).success).toBe(taken));

  it('keeps a generation named __proto__', () => {
    const parsed = batchSchema.parse(JSON.parse('{"events":[],"generations":{"__proto__":{"promptId":"p"}}}'));
    expect(Object.hasOwn(parsed.generations ?? {}, '__proto__')).toBe(true);
  });
});

describe('an entry of a generation', () => {
  const cases: readonly (readonly [string, unknown, boolean])[] = [
    ['nothing', {}, true],
    ['null', null, false],
    ['a name of 200 characters', { promptId: long(200) }, true],
    ['a name of 201 characters', { promptId: long(201) }, false],
    ['a model as a number', { model: 4 }, false],
    ['a time', { generatedAt: 1_767_225_590_000.5 }, true],
    ['a time as a text', { generatedAt: '2026-01-01' }, false],
    ['a time beyond a Date', { generatedAt: 8.65e15 }, false],
    ['a task of 128 characters', { taskId: long(128) }, true],
    ['a task of 129 characters', { taskId: long(129) }, false],
    ['a length', { length: 4_294_967_295 }, true],
    ['a length beyond 32 bits', { length: 4_294_967_296 }, false],
    ['any token', { token: 7 }, true],
    ['an experiment', { experiment: { id: 'e', arm: 'A', assignment: 'canary' } }, true],
    ['an experiment without an arm', { experiment: { id: 'e' } }, false],
    ['an experiment of an unknown assignment', { experiment: { id: 'e', arm: 'A', assignment: 'dice' } }, false],
  ];
  it.each(cases)('%s', (_, entry, taken) => expect(generationEntrySchema.safeParse(entry).success).toBe(taken));
});

it('a token needs a generation and its time', () => {
  expect(tokenPayloadSchema.safeParse({ generationId: 'g', generatedAt: 1 }).success).toBe(true);
  expect(tokenPayloadSchema.safeParse({ generationId: 'g' }).success).toBe(false);
  expect(tokenPayloadSchema.safeParse({ generatedAt: 1 }).success).toBe(false);
  expect(tokenPayloadSchema.safeParse({ generationId: 'g', generatedAt: 1, user: long(129) }).success).toBe(false);
});
