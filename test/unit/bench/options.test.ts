// What the benchmarks can be asked for.
import { expect, test } from 'vitest';
import { GENERATIONS_MAX, GENERATIONS_MIN, KAFKA_STAGES, parseOptions, STAGES } from '../../bench/options.js';

test('without arguments every stage is measured in full', () => {
  expect(parseOptions([])).toEqual({ stages: STAGES, short: false, generations: undefined, jsonFile: undefined });
});

test('stages run in the order of the path, however they are named', () => {
  expect(parseOptions(['sink', '--short', 'collector', 'sink', '--json', 'a.json'])).toEqual({
    stages: ['collector', 'sink'],
    short: true,
    generations: undefined,
    jsonFile: 'a.json',
  });
});

test('what is not understood is named', () => {
  expect(() => parseOptions(['--fast'])).toThrow('--fast');
  expect(() => parseOptions(['--json'])).toThrow('--json needs a file');
});

test('the stages with a Kafka run only when they are asked for, all of them or by name', () => {
  expect(parseOptions(['--kafka']).stages).toEqual(KAFKA_STAGES);
  expect(parseOptions(['kafka-producer', '--kafka', 'sink']).stages).toEqual(['sink', ...KAFKA_STAGES]);
  expect(parseOptions(['kafka-producer']).stages).toEqual(['kafka-producer']);
});

test('generations are a whole number within bounds', () => {
  const asked = (n: number | string) => () => parseOptions(['pages', '--generations', String(n)]).generations;
  expect([asked(GENERATIONS_MIN)(), asked(GENERATIONS_MAX)()]).toEqual([GENERATIONS_MIN, GENERATIONS_MAX]);
  for (const bad of [GENERATIONS_MIN - 1, GENERATIONS_MAX + 1, 200_000.5, 'many'])
    expect(asked(bad)).toThrow('whole number');
  expect(() => parseOptions(['--generations'])).toThrow('whole number');
});
