// What `npm run kafka:local` understands, and what it says of the rest.
import { expect, test } from 'vitest';
import { readKafkaLocalArgs, type KafkaLocalArgs } from '../../../../scripts/kafka-local/args.js';

function check(argv: string, expected: KafkaLocalArgs | string): void {
  const read = () => readKafkaLocalArgs(argv.split(' ').filter((word) => word !== ''));
  if (typeof expected === 'string') expect(read).toThrow(expected);
  else expect(read()).toEqual(expected);
}

test('brokers, port and fetching are read, in any order, with defaults', () => {
  check('', { brokers: 1, port: 9092, fetchOnly: false });
  check('--brokers 3', { brokers: 3, port: 9092, fetchOnly: false });
  check('--port 19092 --brokers 5 --fetch', { brokers: 5, port: 19_092, fetchOnly: true });
});

test('anything else is refused by name', () => {
  check('--broker 3', 'not: --broker 3');
  check('--brokers 0', 'not: --brokers 0');
  check('--brokers 6', 'not: --brokers 6');
  check('--brokers two', 'not: --brokers two');
  check('--port', 'not: --port');
  check('--port 0', 'not: --port 0');
  check('--port 65536', 'not: --port 65536');
});

test('every broker and the controller need a port', () => {
  check('--port 65532 --brokers 3', { brokers: 3, port: 65_532, fetchOnly: false });
  check('--port 65533 --brokers 3', 'there are not enough ports above 65533');
});
