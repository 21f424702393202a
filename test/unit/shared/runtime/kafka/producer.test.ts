// What counts as acknowledged, and what a refusal means.
import { expect, test } from 'vitest';
import { kafkaErrorType, kafkaWeather } from '../../../../../shared/runtime/kafka/client.js';
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

function refusal(type: string): Error {
  const protocol = Object.assign(new Error(type), { type });
  return new Error('tried often enough', { cause: protocol });
}

test('only what Kafka says of the records themselves is for good; everything else is weather', () => {
  const check = (type: string, retriable: boolean) => {
    expect(kafkaErrorType(refusal(type))).toBe(type);
    expect(kafkaWeather('x', refusal(type))).toMatchObject({ retriable, code: `kafka_${type.toLowerCase()}` });
  };
  for (const type of ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP'])
    check(type, false);
  for (const type of ['TOPIC_AUTHORIZATION_FAILED', 'UNKNOWN_TOPIC_OR_PARTITION', 'NOT_ENOUGH_REPLICAS'])
    check(type, true);
  expect(kafkaWeather('x', new Error('no type'))).toMatchObject({ retriable: true, code: 'kafka_error' });
});
