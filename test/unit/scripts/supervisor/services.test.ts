// What each child of the supervisor is told: the addresses, and of all credentials only its own.
import { expect, test } from 'vitest';
import { serviceEnv, type ServiceName, type ServiceSurroundings } from '../../../../scripts/supervisor/services.js';

const AROUND: ServiceSurroundings = {
  env: {
    LOG_LEVEL: 'warn',
    KAFKA_BROKERS: 'elsewhere:1',
    KAFKA_SASL_PASSWORD: 'kafka-secret',
    TACIT_SMTP_URL: 'smtps://tacit:mail-secret',
    CLICKHOUSE_MIGRATOR_PASSWORD: 'migrator-secret',
    npm_config_registry: 'x',
  },
  dataDir: '/data',
  projectsFile: '/data/projects.json',
  addresses: { host: '127.0.0.1', collectorPort: 1, reporterPort: 2, demoPort: 3 },
  clickhouse: {
    url: 'http://127.0.0.1:4',
    database: 'tacit',
    writer: { user: 'w', password: 'writer-secret' },
    reporter: { user: 'r', password: 'reporter-secret' },
  },
  brokers: '127.0.0.1:9092',
  demo: { writeKey: 'pk', readToken: 'rt', serverKey: 'sk', signingSecret: 'demo-secret' },
};
const NAMES: readonly ServiceName[] = ['collector', 'sink', 'reporter', 'demo'];

function secretsOf(name: ServiceName): string[] {
  return Object.values(serviceEnv(name, AROUND)).filter((value) => value?.endsWith('-secret')) as string[];
}

test('each service gets its own credentials and no others', () => {
  expect(Object.fromEntries(NAMES.map((name) => [name, secretsOf(name)]))).toEqual({
    collector: ['kafka-secret'],
    sink: ['kafka-secret', 'writer-secret'],
    reporter: ['smtps://tacit:mail-secret', 'reporter-secret'],
    demo: ['demo-secret'],
  });
});

test('the collector and the sink are told of the brokers of this run, the others of none', () => {
  const brokers = (around: ServiceSurroundings) => NAMES.map((name) => serviceEnv(name, around)['KAFKA_BROKERS']);
  expect(brokers(AROUND)).toEqual(['127.0.0.1:9092', '127.0.0.1:9092', undefined, undefined]);
  expect(brokers({ ...AROUND, brokers: undefined })).toEqual([undefined, undefined, undefined, undefined]);
});

test('everybody hears the log level and nothing of npm', () => {
  for (const name of NAMES) {
    const env = serviceEnv(name, AROUND);
    expect(env['LOG_LEVEL']).toBe('warn');
    expect(Object.keys(env).filter((key) => key.startsWith('npm_'))).toEqual([]);
  }
});
