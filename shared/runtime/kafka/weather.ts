// What failed in Kafka, in words for who has to act. In: an error of the client. Out: weather with a code and one sentence.
// Must never repeat the client's own message: what a broker or a library says of a sign-in is not ours to show.
import { WeatherError } from '../errors.js';
import type { KafkaSettings } from './config.js';

/** Names of Kafka's error codes that say something about the records themselves: sending them again cannot help. */
const RECORD_ERRORS = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP']);

const CHECK_SIGN_IN = 'check KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD';
const CHECK_LISTENER = 'check that KAFKA_SSL and KAFKA_SASL_* are what this listener wants';

const SAID_OF_TYPE: Readonly<Record<string, string>> = {
  TOPIC_AUTHORIZATION_FAILED: 'this user lacks the rights to the topic',
  GROUP_AUTHORIZATION_FAILED: 'this user lacks the right to read as this consumer group',
  CLUSTER_AUTHORIZATION_FAILED: 'this user lacks the right to do this in the cluster',
  UNKNOWN_TOPIC_OR_PARTITION: 'there is no such topic; `npm run migrate` makes it',
  NOT_ENOUGH_REPLICAS: 'too few replicas are in sync',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'too few replicas are in sync',
  SASL_AUTHENTICATION_FAILED: `the sign-in is refused; ${CHECK_SIGN_IN}`,
  UNSUPPORTED_SASL_MECHANISM: 'the sign-in is refused; this listener does not know KAFKA_SASL_MECHANISM',
  ILLEGAL_SASL_STATE: `the sign-in is not expected or missing; ${CHECK_LISTENER}`,
};

/** Codes of Node's for certificates that nothing on this machine vouches for. */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

interface Said {
  readonly code: string;
  readonly why: string;
}

/**
 * Not retriable only when Kafka refused the records for what they are; a missing right, an unknown topic or a failed sign-in
 * passes once a person has acted. `what` says what was tried, and where.
 */
export function kafkaWeather(what: string, error: unknown): WeatherError {
  const type = kafkaErrorType(error);
  const retriable = type === undefined || !RECORD_ERRORS.has(type);
  const { code, why } = type === undefined ? sayError(causeOf(error)) : sayType(type);
  return new WeatherError(code, `${what}: ${why}`, { retriable, cause: error });
}

/** The name of Kafka's error code, from the error or what caused it. */
export function kafkaErrorType(error: unknown): string | undefined {
  for (const at of chainOf(error)) if ('type' in at && typeof at.type === 'string') return at.type;
  return undefined;
}

/** Where the topic is, for messages. */
export function kafkaPlace({ topic, brokers }: Pick<KafkaSettings, 'topic' | 'brokers'>): string {
  return `topic ${topic} at ${brokers.join(', ')}`;
}

/** The client takes some trouble for final that a person ends: nobody needs to start the process anew for it. */
export function passesByHand(error: unknown): boolean {
  const { code } = kafkaWeather('', error);
  return HAND_CODES.test(code);
}
const HAND_CODES = /^kafka_(sign_in|certificate|.*_authorization_failed|unknown_topic_or_partition|.*sasl.*)$/;

function sayType(type: string): Said {
  const said = SAID_OF_TYPE[type];
  return { code: `kafka_${type.toLowerCase()}`, why: said === undefined ? type : `${said} (${type})` };
}

function sayError(error: Error | undefined): Said {
  const name = error?.name ?? 'unknown';
  const closed = error !== undefined && /clos|timed? ?out|disconnected/i.test(error.message);
  if (name === 'KafkaJSSASLAuthenticationError' && !closed)
    return { code: 'kafka_sign_in', why: `the sign-in is refused; ${CHECK_SIGN_IN}` };
  if (error !== undefined && name === 'KafkaJSConnectionError') return sayConnection(error, closed);
  if (name === 'KafkaJSConnectionClosedError' || name === 'KafkaJSSASLAuthenticationError')
    return { code: 'kafka_closed_connection', why: `the connection was closed; ${CHECK_LISTENER}` };
  if (name === 'KafkaJSRequestTimeoutError') return { code: 'kafka_no_answer', why: 'there is no answer in time' };
  return { code: `kafka_${name.toLowerCase()}`, why: name };
}

function sayConnection(error: Error, closed: boolean): Said {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) return { code: 'kafka_no_answer', why: 'there is no answer in time' };
  if (UNTRUSTED.has(code))
    return {
      code: 'kafka_certificate',
      why: `nothing vouches for the broker's certificate; NODE_EXTRA_CA_CERTS names a file with its authority (${code})`,
    };
  if (code.startsWith('CERT_') || code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return { code: 'kafka_certificate', why: `the broker's certificate is not valid for it (${code})` };
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || closed)
    return { code: 'kafka_no_tls', why: `this listener does not speak TLS as asked; ${CHECK_LISTENER} (${code})` };
  return { code: 'kafka_unreachable', why: `it cannot be reached (${code})` };
}

/** What stands behind the client's count of its attempts. */
function causeOf(error: unknown): Error | undefined {
  return chainOf(error).at(-1);
}

function chainOf(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let at: unknown = error; at instanceof Error && chain.length < 5; at = at.cause) chain.push(at);
  return chain;
}
