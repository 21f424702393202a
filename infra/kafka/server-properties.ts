// Configuration of one node of a local Kafka. In: the cluster's shape and ports. Out: the text of its server.properties.
// Small on purpose: few threads, few internal partitions, and times short enough that tests need not wait.

/** The controller of a cluster whose brokers may die: ids of brokers begin at 1. */
export const CONTROLLER_ID = 100;

export interface ProxiedPorts {
  readonly advertised: number;
  readonly internal: number;
}

/** One more listener for clients, beside the plain one. */
export interface Door {
  /** In capitals. */
  readonly name: string;
  readonly protocol: 'SSL' | 'SASL_SSL' | 'SASL_PLAINTEXT';
  readonly port: number;
}

/** One node that is both, or a controller with brokers of their own. */
export type NodeRole = 'both' | 'broker' | 'controller';

export interface NodeConfig {
  readonly id: number;
  readonly role: NodeRole;
  readonly dataDir: string;
  /** Port for clients; unused by a controller. */
  readonly port: number;
  readonly controllerPort: number;
  /** Where clients are sent instead of `port`, and a port on which the brokers talk among themselves, past that. */
  readonly proxied?: ProxiedPorts;
  readonly doors?: readonly Door[];
  /** On top of what stands here, or in its place: what the doors need. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Brokers of the cluster. */
  readonly brokers: number;
}

const ROLES: Record<NodeRole, string> = { both: 'broker,controller', broker: 'broker', controller: 'controller' };

/** Copies of a partition, and how many must have a record before it is acknowledged. */
export function replication(brokers: number): { factor: number; minInSync: number } {
  const factor = Math.min(brokers, 3);
  return { factor, minInSync: factor === 3 ? 2 : 1 };
}

export function renderServerProperties(node: NodeConfig): string {
  const { factor, minInSync } = replication(node.brokers);
  const listen = (name: string, port: number): string => `${name}://127.0.0.1:${port}`;
  const controller = listen('CONTROLLER', node.controllerPort);
  const internal = node.proxied === undefined ? [] : [listen('INTERNAL', node.proxied.internal)];
  const { doors = [] } = node;
  const others = [...internal, ...doors.map(({ name, port }) => listen(name, port))];
  const client = [listen('PLAINTEXT', node.port), ...others];
  const advertised = [listen('PLAINTEXT', node.proxied?.advertised ?? node.port), ...others];
  const protocols = ['CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT'];
  for (const { name, protocol } of doors) protocols.push(`${name}:${protocol}`);
  const listeners = { both: [...client, controller], broker: client, controller: [controller] };
  const settings: Record<string, string | number> = {
    'node.id': node.id,
    'process.roles': ROLES[node.role],
    'controller.quorum.voters': `${node.role === 'both' ? node.id : CONTROLLER_ID}@127.0.0.1:${node.controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': protocols.join(','),
    listeners: listeners[node.role].join(','),
    ...(node.role === 'controller'
      ? {}
      : {
          'advertised.listeners': advertised.join(','),
          'inter.broker.listener.name': node.proxied === undefined ? 'PLAINTEXT' : 'INTERNAL',
        }),
    'log.dirs': node.dataDir.replaceAll('\\', '\\\\'),
    // a topic comes from the migration, with its settings, or not at all
    'auto.create.topics.enable': 'false',
    'default.replication.factor': factor,
    'min.insync.replicas': minInSync,
    'unclean.leader.election.enable': 'false',
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': factor,
    'transaction.state.log.num.partitions': 2,
    'transaction.state.log.replication.factor': factor,
    'transaction.state.log.min.isr': minInSync,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': factor,
    'share.coordinator.state.topic.min.isr': minInSync,
    'group.initial.rebalance.delay.ms': 0,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    'num.recovery.threads.per.data.dir': 1,
    // the default takes half of this heap
    'log.cleaner.dedupe.buffer.size': 2 * 1024 * 1024,
    'log.segment.bytes': 64 * 1024 * 1024,
    // a dead broker is noticed within seconds
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 3000,
    'replica.lag.time.max.ms': 5000,
    // and leads again, once it is back, what it is meant to lead
    'leader.imbalance.check.interval.seconds': 1,
    ...node.settings,
  };
  return `${Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')}\n`;
}
