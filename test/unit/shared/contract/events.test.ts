// The event schemas: each bound at it and one past, each field of the wrong kind, unknown fields.
import { describe, expect, it } from 'vitest';
import { eventSchemas, schemaFor } from '../../../../shared/contract/events.js';
import { EVENT_TYPES, type EventType } from '../../../../shared/contract/rows.js';

const UINT32 = 4_294_967_295;
const every = { id: '3F2504E0-4F89-41D3-9A0C-0305E82C3301', g: 'g1', t: 1_767_225_598_000.5 };

/** The least that each type takes. */
const least: Record<EventType, Record<string, unknown>> = {
  generated: {},
  shown: { visibleMs: 750 },
  copy: { chars: 1, of: 2, method: 'keyboard' },
  accept: { method: 'insert' },
  edit: { similarity: 0.5, distance: 1, from: 2, to: 2, by: 'submit' },
  reject: { reason: 'dismissed' },
  ignore: { reason: 'superseded', visibleMs: 0 },
  retention: { afterMs: 30_000, similarity: 1, retainedChars: 3 },
  rate: { value: 1 },
  score: { name: 'faithfulness', value: 0.5, source: 'evaluator' },
};

/** The first field that is refused, or undefined. */
function refused(type: EventType, changes: Record<string, unknown>): string | undefined {
  const result = eventSchemas[type].safeParse({ ...every, type, ...least[type], ...changes });
  return result.error === undefined ? undefined : String(result.error.issues[0]?.path[0]);
}

describe('every type', () => {
  it.each(EVENT_TYPES)('%s is taken with the least it needs, and with unknown fields, which are left out', (type) => {
    const parsed = schemaFor(type)?.parse({ ...every, type, ...least[type], text: 'never', ingested_at: 1 });
    expect(parsed).toEqual({ ...every, type, ...least[type] });
  });

  it.each(EVENT_TYPES.flatMap((type) => Object.keys(least[type]).map((field) => [type, field] as const)))(
    '%s needs %s, and not as null or an object',
    (type, field) => {
      for (const value of [undefined, null, {}]) expect(refused(type, { [field]: value })).toBe(field);
    },
  );

  it('is found by its own name only', () => {
    for (const type of ['Copy', '', 'toString', '__proto__', 'constructor', null, 7, ['copy']])
      expect(schemaFor(type)).toBeUndefined();
  });
});

describe('bounds', () => {
  const taken = undefined;
  const cases: readonly (readonly [EventType, string, readonly (readonly [unknown, string | undefined])[]])[] = [
    [
      'copy',
      't',
      [
        [0, taken],
        [-8.64e15, taken],
        [8.64e15, taken],
        [8.65e15, 't'],
        [Infinity, 't'],
        ['7', 't'],
      ],
    ],
    [
      'copy',
      'g',
      [
        ['x'.repeat(128), taken],
        ['x'.repeat(129), 'g'],
        ['', 'g'],
        ['\ud83d', 'g'],
        ['a\0', 'g'],
        [' ', 'g'],
      ],
    ],
    [
      'copy',
      'id',
      [
        ['not-a-uuid', 'id'],
        [1, 'id'],
      ],
    ],
    [
      'copy',
      'chars',
      [
        [0, taken],
        [2, taken],
        [3, 'chars'],
        [-1, 'chars'],
        [0.5, 'chars'],
        [NaN, 'chars'],
      ],
    ],
    [
      'copy',
      'of',
      [
        [UINT32, taken],
        [UINT32 + 1, 'of'],
        [9007199254740993, 'of'],
      ],
    ],
    [
      'copy',
      'method',
      [
        ['drag', taken],
        ['telepathy', 'method'],
      ],
    ],
    [
      'copy',
      'part',
      [
        ['code', taken],
        ['prose', 'part'],
      ],
    ],
    [
      'accept',
      'chars',
      [
        [UINT32, taken],
        [UINT32 + 1, 'chars'],
      ],
    ],
    [
      'accept',
      'method',
      [
        ['partial', taken],
        ['Insert', 'method'],
      ],
    ],
    [
      'generated',
      'length',
      [
        [UINT32, taken],
        [UINT32 + 1, 'length'],
        [1.5, 'length'],
      ],
    ],
    [
      'shown',
      'visibleMs',
      [
        [UINT32, taken],
        [0.25, taken],
        [UINT32 + 1, 'visibleMs'],
        [-0.1, 'visibleMs'],
      ],
    ],
    [
      'shown',
      'forced',
      [
        [true, taken],
        [1, 'forced'],
      ],
    ],
    [
      'edit',
      'similarity',
      [
        [0, taken],
        [1, taken],
        [1.0001, 'similarity'],
        [-0.0001, 'similarity'],
      ],
    ],
    [
      'edit',
      'distance',
      [
        [UINT32, taken],
        [UINT32 + 1, 'distance'],
      ],
    ],
    [
      'edit',
      'approx',
      [
        ['grams', taken],
        ['exact', 'approx'],
      ],
    ],
    [
      'edit',
      'by',
      [
        ['left', taken],
        ['magic', 'by'],
      ],
    ],
    [
      'retention',
      'afterMs',
      [
        [UINT32, taken],
        [UINT32 + 1, 'afterMs'],
      ],
    ],
    [
      'rate',
      'value',
      [
        [1e9, taken],
        [-1e9, taken],
        [1e9 + 1, 'value'],
        [-1e9 - 1, 'value'],
        [Infinity, 'value'],
      ],
    ],
    [
      'rate',
      'label',
      [
        ['x'.repeat(200), taken],
        ['x'.repeat(201), 'label'],
      ],
    ],
    [
      'score',
      'name',
      [
        ['x'.repeat(200), taken],
        ['x'.repeat(201), 'name'],
        ['', 'name'],
      ],
    ],
    [
      'score',
      'rank',
      [
        [65_535, taken],
        [65_536, 'rank'],
        [1.5, 'rank'],
      ],
    ],
    [
      'score',
      'value',
      [
        [undefined, 'value'],
        [-1e9, taken],
      ],
    ],
    [
      'score',
      'action',
      [
        ['shadow', taken],
        ['deleted', 'action'],
      ],
    ],
    [
      'score',
      'source',
      [
        ['human', taken],
        ['robot', 'source'],
      ],
    ],
    [
      'copy',
      'attributes',
      [
        [{ a: 'b' }, taken],
        [{ a: 1 }, 'attributes'],
        [[], 'attributes'],
        ['a', 'attributes'],
      ],
    ],
    [
      'copy',
      'attributes',
      [
        [{ a: 'x'.repeat(200) }, taken],
        [{ a: 'x'.repeat(201) }, 'attributes'],
      ],
    ],
    [
      'copy',
      'attributes',
      [
        [{ ['x'.repeat(200)]: '' }, taken],
        [{ ['x'.repeat(201)]: '' }, 'attributes'],
      ],
    ],
  ];
  it.each(cases)('%s.%s', (type, field, values) => {
    for (const [value, expected] of values)
      expect([value, refused(type, { [field]: value })]).toEqual([value, expected]);
  });

  it('a score needs a value or a label', () => {
    expect(refused('score', { value: undefined, label: 'safe' })).toBeUndefined();
  });
});
