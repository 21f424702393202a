// What counts as acknowledged.
import { expect, test } from 'vitest';
import { checkAcks } from '../../../../../shared/runtime/kafka/producer.js';

const ack = { topicName: 't', partition: 2, errorCode: 0 };

test('only the one acknowledgement of the one partition counts', () => {
  expect(() => checkAcks([ack], 't', 2)).not.toThrow();
  for (const acks of [
    [],
    [ack, ack],
    [{ ...ack, partition: 1 }],
    [{ ...ack, errorCode: 6 }],
    [{ ...ack, topicName: 'u' }],
  ])
    expect(() => checkAcks(acks, 't', 2)).toThrow('not the one of partition 2');
});
