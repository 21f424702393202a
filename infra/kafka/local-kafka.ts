// A real Kafka on the loopback, as child processes: one node, or a controller and several brokers, so that any of them may die.
// In: a directory for its data, ports. Out: the addresses of its brokers. Must never leave a process behind.
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../../shared/runtime/errors.js';
import { javaArguments, KafkaProcess, type KafkaProcessOptions, type KafkaSoftware } from './kafka-process.js';
import {
  CONTROLLER_ID,
  renderServerProperties,
  type Door,
  type NodeRole,
  type ProxiedPorts,
} from './server-properties.js';

/** How long brokers, and after them the controller, may take to leave, ms. */
export const STOP_BROKERS_MS = 3000;
export const STOP_CONTROLLER_MS = 2000;

export interface LocalKafkaOptions {
  readonly software: KafkaSoftware;
  /** Kept between runs; a cluster's number of brokers cannot change in it. */
  readonly dir: string;
  /** A port for each broker, and one more for the controller. */
  readonly ports: readonly number[];
  /** For each broker, when its clients reach it by another port than its own. */
  readonly proxied?: readonly ProxiedPorts[];
  readonly forThroughput?: boolean;
  /** Of a cluster of one broker. */
  readonly doors?: readonly Door[];
  readonly settings?: Readonly<Record<string, string>>;
}

export interface LocalKafka {
  /** As KAFKA_BROKERS takes it. */
  readonly brokers: string;
  /** Every node with its name for a person, in the order in which they start. */
  readonly nodes: readonly { readonly name: string; readonly process: KafkaProcess }[];
  /** Broker `i`, from 1. */
  broker(i: number): KafkaProcess;
  /** Stops brokers, then the controller; each is killed when it takes longer than its bound. */
  stop(): Promise<void>;
  /** Ends all at once, as a crash does. */
  kill(): Promise<void>;
}

/** Formats what is new and starts all nodes. Rejects, with nothing left running, when one of them does not come up. */
export async function startLocalKafka(options: LocalKafkaOptions): Promise<LocalKafka> {
  const cluster = await configureCluster(options);
  const { brokers, controller } = cluster;
  const nodes = controller === undefined ? [...brokers] : [controller, ...brokers];
  const kill = async (): Promise<void> => {
    await Promise.all(nodes.map(async (node) => await node.kill()));
  };
  try {
    await Promise.all(nodes.map(async (node) => await node.start()));
  } catch (error) {
    await kill();
    throw error;
  }
  return {
    nodes: [
      ...(controller === undefined ? [] : [{ name: 'Kafka controller', process: controller }]),
      ...brokers.map((process, i) => ({ name: `Kafka broker ${i + 1}`, process })),
    ],
    brokers: options.ports
      .slice(0, -1)
      .map((port, i) => `127.0.0.1:${options.proxied?.[i]?.advertised ?? port}`)
      .join(','),
    broker: (i) => {
      const node = brokers[i - 1];
      if (node === undefined) throw new RangeError(`there is no broker ${i}`);
      return node;
    },
    stop: async () => {
      await Promise.all(brokers.map(async (node) => await node.stop(STOP_BROKERS_MS)));
      await controller?.stop(STOP_CONTROLLER_MS);
    },
    kill,
  };
}

/** The nodes of the cluster, configured and formatted, not started. */
async function configureCluster(
  options: LocalKafkaOptions,
): Promise<{ brokers: readonly KafkaProcess[]; controller: KafkaProcess | undefined }> {
  const { dir, ports, doors = [], settings = {} } = options;
  const count = ports.length - 1;
  if (count < 1) throw new RangeError('a Kafka needs a port for a broker and one for the controller');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const clusterId = clusterIdOf(dir, count);
  const node = async (id: number, role: NodeRole, port: number): Promise<KafkaProcess> => {
    const dataDir = path.join(dir, `node-${id}`);
    const propertiesFile = path.join(dir, `node-${id}.properties`);
    const controllerPort = ports[count] ?? 0;
    const proxied = options.proxied?.[id - 1];
    const config = {
      id,
      role,
      dataDir,
      port,
      controllerPort,
      brokers: count,
      doors,
      settings,
      ...(proxied && { proxied }),
    };
    writeFileSync(propertiesFile, renderServerProperties(config));
    const process = { ...options, propertiesFile, logFile: path.join(dir, `node-${id}.log`) };
    if (!existsSync(path.join(dataDir, 'meta.properties'))) await formatNode(process, dataDir, id, clusterId);
    return new KafkaProcess(process);
  };
  const brokers = await Promise.all(
    ports.slice(0, -1).map(async (port, i) => await node(i + 1, count === 1 ? 'both' : 'broker', port)),
  );
  const controller = count === 1 ? undefined : await node(CONTROLLER_ID, 'controller', 0);
  return { brokers, controller };
}

function clusterIdOf(dir: string, brokers: number): string {
  const file = path.join(dir, 'cluster.json');
  if (!existsSync(file)) writeFileSync(file, JSON.stringify({ id: newKafkaId(), brokers }));
  const cluster = JSON.parse(readFileSync(file, 'utf8')) as { id: string; brokers: number };
  if (cluster.brokers !== brokers)
    throw new StartError(`the Kafka in ${dir} was made with ${cluster.brokers} brokers; it cannot run with ${brokers}`);
  return cluster.id;
}

/** Makes a node's directory ready, by Kafka's own tool or, without the second it takes, from what that tool wrote before. */
export async function formatNode(
  options: KafkaProcessOptions,
  dataDir: string,
  id: number,
  clusterId: string,
): Promise<void> {
  const { bootstrap } = options.software;
  if (bootstrap === undefined) {
    const tool = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', options.propertiesFile];
    await promisify(execFile)(options.software.java, [...javaArguments(options), ...tool]);
    return;
  }
  mkdirSync(dataDir, { recursive: true });
  copyFileSync(bootstrap, path.join(dataDir, 'bootstrap.checkpoint'));
  const meta = { version: 1, 'cluster.id': clusterId, 'node.id': id, 'directory.id': newKafkaId() };
  const lines = Object.entries(meta).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(path.join(dataDir, 'meta.properties'), lines.join(''));
}

/** An id in Kafka's form: 16 bytes in base64url. Its tools would take one with a leading dash for an option. */
export function newKafkaId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newKafkaId() : id;
}
