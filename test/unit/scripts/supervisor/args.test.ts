// What `npm start` understands.
import { expect, test } from 'vitest';
import { readSupervisorArgs } from '../../../../scripts/supervisor/args.js';

test('a local Kafka is started only when asked for', () => {
  expect(readSupervisorArgs([])).toEqual({ kafka: false });
  expect(readSupervisorArgs(['--kafka'])).toEqual({ kafka: true });
});

test('anything else is refused by name', () => {
  expect(() => readSupervisorArgs(['--kafak'])).toThrow('npm start takes --kafka; not: --kafak');
  expect(() => readSupervisorArgs(['--kafka', 'yes'])).toThrow('not: yes');
});
