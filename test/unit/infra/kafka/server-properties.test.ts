// The configuration of a local Kafka's nodes: who listens where, and how many copies there are.
import { expect, test } from 'vitest';
import { renderServerProperties, replication, type NodeConfig } from '../../../../infra/kafka/server-properties.js';

const NODE: NodeConfig = { id: 1, role: 'both', dataDir: '/data', port: 9092, controllerPort: 9093, brokers: 1 };

function settings(node: Partial<NodeConfig>): Map<string, string> {
  const lines = renderServerProperties({ ...NODE, ...node })
    .trim()
    .split('\n');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

function check(node: Partial<NodeConfig>, expected: Record<string, string | undefined>): void {
  const rendered = settings(node);
  for (const [key, value] of Object.entries(expected)) expect([key, rendered.get(key)]).toEqual([key, value]);
}

test('one node is broker and controller, and its own voter', () => {
  check(
    {},
    {
      'node.id': '1',
      'process.roles': 'broker,controller',
      'controller.quorum.voters': '1@127.0.0.1:9093',
      listeners: 'PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093',
      'advertised.listeners': 'PLAINTEXT://127.0.0.1:9092',
      'log.dirs': '/data',
      'default.replication.factor': '1',
      'min.insync.replicas': '1',
    },
  );
});

test('a broker of three listens for clients alone and keeps three copies, two of them before an acknowledgement', () => {
  check(
    { id: 2, role: 'broker', brokers: 3 },
    {
      'process.roles': 'broker',
      'controller.quorum.voters': '100@127.0.0.1:9093',
      listeners: 'PLAINTEXT://127.0.0.1:9092',
      'default.replication.factor': '3',
      'min.insync.replicas': '2',
      'offsets.topic.replication.factor': '3',
    },
  );
});

test('behind proxies clients are sent to these, and brokers talk to each other past them', () => {
  check(
    { role: 'broker', brokers: 3, proxied: { advertised: 7001, internal: 7002 } },
    {
      listeners: 'PLAINTEXT://127.0.0.1:9092,INTERNAL://127.0.0.1:7002',
      'advertised.listeners': 'PLAINTEXT://127.0.0.1:7001,INTERNAL://127.0.0.1:7002',
      'inter.broker.listener.name': 'INTERNAL',
    },
  );
});

test('a door is a listener beside the plain one, with what it needs', () => {
  check(
    { doors: [{ name: 'SAFE', protocol: 'SASL_SSL', port: 7003 }], settings: { 'ssl.keystore.location': '/k' } },
    {
      listeners: 'PLAINTEXT://127.0.0.1:9092,SAFE://127.0.0.1:7003,CONTROLLER://127.0.0.1:9093',
      'advertised.listeners': 'PLAINTEXT://127.0.0.1:9092,SAFE://127.0.0.1:7003',
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,SAFE:SASL_SSL',
      'inter.broker.listener.name': 'PLAINTEXT',
      'ssl.keystore.location': '/k',
    },
  );
});

test('a controller has no listener for clients', () => {
  check(
    { id: 100, role: 'controller', port: 0, brokers: 3 },
    {
      'process.roles': 'controller',
      listeners: 'CONTROLLER://127.0.0.1:9093',
      'advertised.listeners': undefined,
      'inter.broker.listener.name': undefined,
    },
  );
});

test('every node listens on the loopback only, makes no topic by itself, and elects no leader that lacks records', () => {
  for (const role of ['both', 'broker', 'controller'] as const) {
    const listeners = settings({ role }).get('listeners') ?? '';
    for (const listener of listeners.split(',')) expect(listener).toMatch(/^[A-Z]+:\/\/127\.0\.0\.1:\d+$/);
    check({ role }, { 'auto.create.topics.enable': 'false', 'unclean.leader.election.enable': 'false' });
  }
});

test('a path keeps its backslashes', () => {
  check({ dataDir: 'C:\\data' }, { 'log.dirs': 'C:\\\\data' });
});

test('copies grow with the brokers up to three', () => {
  expect([1, 2, 3, 5].map(replication)).toEqual([
    { factor: 1, minInSync: 1 },
    { factor: 2, minInSync: 1 },
    { factor: 3, minInSync: 2 },
    { factor: 3, minInSync: 2 },
  ]);
});
