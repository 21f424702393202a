// How a service is told about Kafka. In: variables of the environment. Out: settings, or nothing when there is no Kafka.
// Must never show a value: a password may stand in any of them.
import { z } from 'zod';
import { StartError } from '../errors.js';

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

const NAME = /^[A-Za-z0-9._-]{1,249}$/;
const BROKER = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/;

function isBroker(broker: string): boolean {
  return BROKER.test(broker) && Number(broker.slice(broker.lastIndexOf(':') + 1)) <= 65535;
}

/** What a service's configuration needs: spread its shape into the service's schema. */
export const kafkaConfigSchema = z.object({
  KAFKA_BROKERS: z
    .string()
    .transform((list) => list.split(',').map((broker) => broker.trim()))
    .refine((brokers) => brokers.every(isBroker), 'must be host:port, several of them separated by commas')
    .optional(),
  KAFKA_TOPIC: z.string().regex(NAME, 'must be a name of letters, digits, ".", "_" and "-"').default('tacit.events'),
  KAFKA_GROUP: z.string().regex(NAME, 'must be a name of letters, digits, ".", "_" and "-"').default('tacit-sink'),
  KAFKA_SSL: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .transform((value) => value === 'true')
    .default(false),
  KAFKA_SASL_MECHANISM: z.enum(SASL_MECHANISMS, { error: `must be one of ${SASL_MECHANISMS.join(', ')}` }).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
});
type KafkaConfig = Readonly<z.infer<typeof kafkaConfigSchema>>;

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly group: string;
  readonly ssl: boolean;
  readonly sasl:
    { readonly mechanism: SaslMechanism; readonly username: string; readonly password: string } | undefined;
}

/** Undefined without KAFKA_BROKERS. Throws StartError when the sign-in is incomplete. */
export function kafkaSettings(config: KafkaConfig): KafkaSettings | undefined {
  if (config.KAFKA_BROKERS === undefined) return undefined;
  return {
    brokers: config.KAFKA_BROKERS,
    topic: config.KAFKA_TOPIC,
    group: config.KAFKA_GROUP,
    ssl: config.KAFKA_SSL,
    sasl: saslOf(config),
  };
}

function saslOf(config: KafkaConfig): KafkaSettings['sasl'] {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
  if (mechanism === undefined && username === undefined && password === undefined) return undefined;
  if (mechanism === undefined || username === undefined || password === undefined)
    throw new StartError('KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are given together.');
  return { mechanism, username, password };
}
