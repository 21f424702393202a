// What the benchmarks can be asked for.
import { expect, test } from 'vitest';
import { KAFKA_STAGES, parseOptions, STAGES } from '../../bench/options.js';

test('without arguments every stage is measured in full', () => {
  expect(parseOptions([])).toEqual({ stages: STAGES, short: false, jsonFile: undefined });
});

test('stages run in the order of the path, however they are named', () => {
  expect(parseOptions(['sink', '--short', 'collector', 'sink', '--json', 'a.json'])).toEqual({
    stages: ['collector', 'sink'],
    short: true,
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
