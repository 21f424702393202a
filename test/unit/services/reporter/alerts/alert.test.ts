// The published form of an alert: what the schema takes, what the JSON Schema says, ids and links.
import { expect, test } from 'vitest';
import {
  alertId,
  alertJsonSchema,
  alertSchema,
  comparisonLink,
  fallenSchema,
  fallLink,
  worseSchema,
} from '../../../../../services/reporter/alerts/alert.js';
import { fallenAlert, worseAlert } from '../../../../support/alerts.js';

test('both kinds pass the schema unchanged', () => {
  for (const alert of [worseAlert(), fallenAlert()]) expect(alertSchema.parse(alert)).toEqual(alert);
});

test('figures out of range do not pass', () => {
  const { comparison } = worseAlert();
  for (const alert of [
    worseAlert({ comparison: { ...comparison, difference: -1.01 } }),
    worseAlert({ comparison: { ...comparison, rateA: Number.NaN } }),
    worseAlert({ n: -1 }),
    worseAlert({ since: '12 Nov' }),
    worseAlert({ link: 'not an address' }),
    worseAlert({ sentence: 'x'.repeat(4001) }),
  ])
    expect(alertSchema.safeParse(alert).success, JSON.stringify(alert)).toBe(false);
  expect(alertSchema.safeParse(worseAlert({ sentence: 'x'.repeat(4000) })).success).toBe(true);
});

test('the JSON Schema names every field of both kinds, and leaves room for new ones', () => {
  const schema = alertJsonSchema() as {
    $schema: string;
    oneOf?: JsonObject[];
    anyOf?: JsonObject[];
  };
  interface JsonObject {
    properties: Record<string, unknown>;
    required: string[];
    additionalProperties?: boolean;
  }
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  const kinds = schema.oneOf ?? schema.anyOf ?? [];
  const fields = [worseSchema, fallenSchema].map(({ shape }) => Object.keys(shape).sort());
  expect(kinds.map(({ properties }) => Object.keys(properties).sort())).toEqual(fields);
  expect(kinds.map(({ required }) => [...required].sort())).toEqual(fields);
  expect(kinds.map(({ additionalProperties }) => additionalProperties)).toEqual([undefined, undefined]);
});

test('an event keeps its id, and each part of it makes another one', () => {
  const id = alertId('worse', 'p', 's', '2026-11-12');
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(alertId('worse', 'p', 's', '2026-11-12')).toBe(id);
  const others = [
    alertId('fallen', 'p', 's', '2026-11-12'),
    alertId('worse', 'q', 's', '2026-11-12'),
    alertId('worse', 'p', 't', '2026-11-12'),
    alertId('worse', 'p', 's', '2026-11-13'),
    alertId('worse', 'ps', '', '2026-11-12'),
  ];
  expect(new Set([id, ...others]).size).toBe(6);
});

test('a link leads to the comparison or to the fall, with names encoded, whatever ends the address', () => {
  for (const address of ['https://t.example.com/tacit', 'https://t.example.com/tacit/']) {
    expect(fallLink(address, 'shop', 'a&b "c"')).toBe(
      'https://t.example.com/tacit/prompt?project=shop&prompt=a%26b+%22c%22#drift',
    );
    expect(comparisonLink(address, 'a&b', 'c1')).toBe('https://t.example.com/tacit/comparison?project=a%26b&id=c1');
  }
  expect(fallLink('http://127.0.0.1:7071', 'shop', '')).toBe('http://127.0.0.1:7071/?project=shop#findings');
});
