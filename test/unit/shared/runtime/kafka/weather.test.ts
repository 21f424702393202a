// What an operator reads when Kafka does not do as asked: a code, what was tried and where, and what to look at.
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { kafkaErrorType, kafkaPlace, kafkaWeather, passesByHand } from '../../../../../shared/runtime/kafka/weather.js';

const SECRET = 'hunter2';

function protocol(type: string): Error {
  return Object.assign(new Error(`${type} ${SECRET}`), { type });
}

function named(name: string, message: string, code?: string): Error {
  return Object.assign(new Error(message), { name, ...(code !== undefined && { code }) });
}

function afterRetries(cause: Error): Error {
  return Object.assign(new Error('tried often enough', { cause }), { name: 'KafkaJSNumberOfRetriesExceeded' });
}

function connection(code: string | undefined, message = 'Connection error'): Error {
  return named('KafkaJSConnectionError', message, code);
}

test('only what Kafka says of the records themselves is for good; everything else is weather', () => {
  const check = (type: string, retriable: boolean) => {
    const error = afterRetries(protocol(type));
    expect(kafkaErrorType(error)).toBe(type);
    expect(kafkaWeather('x', error)).toMatchObject({ retriable, code: `kafka_${type.toLowerCase()}` });
  };
  for (const type of ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP'])
    check(type, false);
  for (const type of ['TOPIC_AUTHORIZATION_FAILED', 'UNKNOWN_TOPIC_OR_PARTITION', 'NOT_ENOUGH_REPLICAS'])
    check(type, true);
  expect(kafkaWeather('x', new Error('no type'))).toMatchObject({ retriable: true, code: 'kafka_error' });
});

test('each trouble has a code and says what to look at, and nothing that the client said', () => {
  const check = (error: Error, code: string, said: string) => {
    for (const shown of [error, afterRetries(error)]) {
      const weather = kafkaWeather('topic t at a:1 was not found', shown);
      expect([weather.code, weather.message]).toEqual([code, expect.stringContaining(said)]);
      expect(weather.message).toMatch(/^topic t at a:1 was not found: /);
      expect(weather.message).not.toContain(SECRET);
    }
  };
  check(named('KafkaJSSASLAuthenticationError', `failed for ${SECRET}`), 'kafka_sign_in', 'KAFKA_SASL_PASSWORD');
  check(named('KafkaJSSASLAuthenticationError', 'failed: Closed connection'), 'kafka_closed_connection', 'KAFKA_SSL');
  check(protocol('UNSUPPORTED_SASL_MECHANISM'), 'kafka_unsupported_sasl_mechanism', 'KAFKA_SASL_MECHANISM');
  check(protocol('TOPIC_AUTHORIZATION_FAILED'), 'kafka_topic_authorization_failed', 'lacks the rights to the topic');
  check(protocol('UNKNOWN_TOPIC_OR_PARTITION'), 'kafka_unknown_topic_or_partition', 'npm run migrate');
  check(protocol('LEADER_NOT_AVAILABLE'), 'kafka_leader_not_available', 'LEADER_NOT_AVAILABLE');
  check(connection('ECONNREFUSED'), 'kafka_unreachable', 'cannot be reached (ECONNREFUSED)');
  check(connection('ENOTFOUND'), 'kafka_unreachable', 'ENOTFOUND');
  check(connection(undefined, 'Connection timeout'), 'kafka_no_answer', 'no answer in time');
  check(connection('DEPTH_ZERO_SELF_SIGNED_CERT'), 'kafka_certificate', 'NODE_EXTRA_CA_CERTS');
  check(connection('ERR_TLS_CERT_ALTNAME_INVALID'), 'kafka_certificate', 'not valid');
  check(connection('CERT_HAS_EXPIRED'), 'kafka_certificate', 'not valid');
  check(connection('EPROTO'), 'kafka_no_tls', 'KAFKA_SSL');
  check(connection('ECONNRESET', 'network socket disconnected before TLS'), 'kafka_no_tls', 'KAFKA_SSL');
  check(connection('ECONNRESET', 'read ECONNRESET'), 'kafka_unreachable', 'ECONNRESET');
  check(named('KafkaJSConnectionClosedError', 'Closed connection'), 'kafka_closed_connection', 'KAFKA_SASL');
  check(named('KafkaJSRequestTimeoutError', `slow ${SECRET}`), 'kafka_no_answer', 'no answer in time');
});

test('an error of the client itself is known by its name', () => {
  const refused = new kafkajs.KafkaJSConnectionError('refused', { code: 'ECONNREFUSED' });
  expect(kafkaWeather('x', refused).code).toBe('kafka_unreachable');
});

test('what a person ends is waited for; what is unknown begins anew', () => {
  const check = (error: Error, expected: boolean) => expect([error, passesByHand(error)]).toEqual([error, expected]);
  check(protocol('TOPIC_AUTHORIZATION_FAILED'), true);
  check(protocol('GROUP_AUTHORIZATION_FAILED'), true);
  check(protocol('UNKNOWN_TOPIC_OR_PARTITION'), true);
  check(named('KafkaJSSASLAuthenticationError', 'refused'), true);
  check(connection('CERT_HAS_EXPIRED'), true);
  check(protocol('UNKNOWN_MEMBER_ID'), false);
  check(new TypeError('a defect'), false);
});

test('a place names the topic and every broker', () => {
  expect(kafkaPlace({ topic: 't', brokers: ['a:1', 'b:2'] })).toBe('topic t at a:1, b:2');
});
