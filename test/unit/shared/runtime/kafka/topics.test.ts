// Which topics are fit.
import { expect, test } from 'vitest';
import { judgeTopic, MESSAGE_BYTES_MIN, RETENTION_MIN_MS } from '../../../../../shared/runtime/kafka/topics.js';

const partition = { partitionErrorCode: 0, partitionId: 0, leader: 1, replicas: [1, 2, 3], isr: [1, 2, 3] };
const GOOD = {
  'retention.ms': String(RETENTION_MIN_MS),
  'retention.bytes': '-1',
  'cleanup.policy': 'delete',
  'max.message.bytes': String(MESSAGE_BYTES_MIN),
};

function judge(config: Record<string, string>, replicas = [1, 2, 3]) {
  const topic = { name: 't', partitions: [partition, { ...partition, partitionId: 1, replicas }] };
  return judgeTopic(topic, new Map(Object.entries({ ...GOOD, ...config })), 3);
}

test('a topic that keeps events for seven days is fit', () => {
  expect(judge({})).toEqual({ wrong: [], said: ['topic t: 2 partitions, 3 replicas'] });
  expect(judge({ 'retention.ms': '-1' }).wrong).toEqual([]);
});

test('a topic that loses events, or cannot take them, is refused', () => {
  const check = (config: Record<string, string>, words: string) => expect(judge(config).wrong.join()).toContain(words);
  check({ 'retention.ms': String(RETENTION_MIN_MS - 1) }, 'retention.ms');
  check({ 'cleanup.policy': 'compact,delete' }, 'cleanup.policy');
  check({ 'max.message.bytes': String(MESSAGE_BYTES_MIN - 1) }, 'max.message.bytes');
});

test('what makes a loss possible is said', () => {
  const check = (config: Record<string, string>, words: string, replicas?: number[]) => {
    const { wrong, said } = judge(config, replicas);
    expect(wrong).toEqual([]);
    expect(said.join()).toContain(words);
  };
  check({ 'retention.bytes': '1000' }, 'retention.bytes');
  check({ 'unclean.leader.election.enable': 'true' }, 'unclean');
  check({}, '1 replicas, 3 are possible', [1]);
});
