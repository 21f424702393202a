// What the environment says of Kafka. No message may show a value.
import { expect, test } from 'vitest';
import { readConfig } from '../../../../../shared/runtime/config.js';
import { kafkaConfigSchema, kafkaSettings } from '../../../../../shared/runtime/kafka/config.js';

function read(env: Record<string, string>) {
  return kafkaSettings(readConfig(kafkaConfigSchema, env));
}

test('without brokers there is no Kafka, whatever else is set', () => {
  expect(read({})).toBeUndefined();
  expect(read({ KAFKA_BROKERS: '', KAFKA_TOPIC: 'x' })).toBeUndefined();
});

test('brokers alone are enough', () => {
  expect(read({ KAFKA_BROKERS: 'a:9092, [::1]:9093' })).toEqual({
    brokers: ['a:9092', '[::1]:9093'],
    topic: 'tacit.events',
    group: 'tacit-sink',
    ssl: false,
    sasl: undefined,
  });
});

test('TLS and sign-in are told by the environment', () => {
  const sasl = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };
  expect(read({ KAFKA_BROKERS: 'a:1', KAFKA_SSL: 'true', ...sasl })).toMatchObject({
    ssl: true,
    sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
  });
});

test('what cannot be meant is refused by name and never by value', () => {
  const check = (env: Record<string, string>, name: string) => {
    const secret = 'hunter2';
    try {
      read({ KAFKA_BROKERS: 'a:1', ...env });
    } catch (error) {
      expect(String(error)).toContain(name);
      expect(String(error)).not.toContain(secret);
      return;
    }
    throw new Error(`${name} was taken`);
  };
  check({ KAFKA_BROKERS: 'hunter2' }, 'KAFKA_BROKERS');
  check({ KAFKA_BROKERS: 'a:9092,' }, 'KAFKA_BROKERS');
  check({ KAFKA_BROKERS: 'a:65536' }, 'KAFKA_BROKERS');
  check({ KAFKA_TOPIC: 'hunter2 ' }, 'KAFKA_TOPIC');
  check({ KAFKA_GROUP: 'a/b' }, 'KAFKA_GROUP');
  check({ KAFKA_SSL: 'hunter2' }, 'KAFKA_SSL');
  check({ KAFKA_SASL_MECHANISM: 'hunter2' }, 'KAFKA_SASL_MECHANISM');
  check({ KAFKA_SASL_PASSWORD: 'hunter2' }, 'KAFKA_SASL_MECHANISM');
  check({ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_PASSWORD: 'hunter2' }, 'KAFKA_SASL_USERNAME');
});
