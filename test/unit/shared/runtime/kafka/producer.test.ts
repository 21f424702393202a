// What counts as acknowledged, and where records go.
import { expect, test } from 'vitest';
import { checkAcks, usablePartitions } from '../../../../../shared/runtime/kafka/producer.js';

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

test('a partition that was added is used after the next look, when the client knows of it too', () => {
  expect(usablePartitions([], [0, 1])).toEqual([0, 1]);
  expect(usablePartitions([0, 1], [0, 1, 2])).toEqual([0, 1]);
  expect(usablePartitions([0, 1, 2], [0, 1, 2])).toEqual([0, 1, 2]);
  expect(usablePartitions([0, 1, 2], [0])).toEqual([0]);
});
