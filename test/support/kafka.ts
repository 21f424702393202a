// A real Kafka of a test's own: in a temporary directory, on free ports, with its brokers at the test's mercy.
import { prepareKafka } from '../../infra/kafka/prepare.js';
import type { KafkaProcess } from '../../infra/kafka/kafka-process.js';
import { startLocalKafka } from '../../infra/kafka/local-kafka.js';
import type { Door, ProxiedPorts } from '../../infra/kafka/server-properties.js';
import { choosePort } from '../../shared/runtime/choose-port.js';
import { FaultProxy } from './fault-proxy.js';
import { makeTempDir } from './temp-dir.js';

const STOP_MS = 5000;

export interface TestBroker {
  readonly pid: number | undefined;
  readonly port: number;
  /** Crashes it; resolves when it is gone. */
  kill(): Promise<void>;
  /** Lets it leave in order: its leaderships move first. */
  stop(): Promise<void>;
  /** Starts it again after a kill or a stop; resolves when it serves. */
  restart(): Promise<void>;
  /** Holds it still, as a machine that hangs. */
  pause(): void;
  resume(): void;
}

export interface TestKafka {
  /** As KAFKA_BROKERS takes it. */
  readonly brokers: string;
  readonly dir: string;
  /** Broker `i`, from 1. */
  broker(i: number): TestBroker;
  /** The network between clients and broker `i`, with `proxied` alone. */
  proxy(i: number): FaultProxy;
  /** `host:port` of a door. */
  door(name: string): string;
  /** Stops all and removes the directory. */
  stop(): Promise<void>;
}

export interface TestKafkaOptions {
  /** 1: one node; more: a controller beside them, so that any broker may die. */
  readonly brokers?: number;
  /** Clients, also those of other processes, reach each broker through a bad network of its own; brokers each other do not. */
  readonly proxied?: boolean;
  readonly forThroughput?: boolean;
  /** Of one broker: listeners beside the plain one, on free ports, and the settings that they need. */
  readonly doors?: readonly Omit<Door, 'port'>[];
  readonly settings?: Readonly<Record<string, string>>;
}

/** Ports stay those of the first start, and so does the address of a broker. */
export async function startTestKafka(options: TestKafkaOptions = {}): Promise<TestKafka> {
  const { brokers = 1, proxied = false, forThroughput = false, settings = {} } = options;
  const software = await prepareKafka({ env: process.env, say: () => undefined });
  const ports = await choosePorts(2 * brokers + 1);
  const internal = ports.splice(brokers + 1);
  const doors: Door[] = [];
  for (const door of options.doors ?? []) doors.push({ ...door, port: await choosePort('127.0.0.1', 0) });
  const { dir, remove } = makeTempDir('kafka');
  const proxies: FaultProxy[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(proxies.map(async (proxy) => await proxy.close()));
    remove();
  };
  try {
    const advertised: ProxiedPorts[] = [];
    for (const [i, port] of (proxied ? internal : []).entries()) {
      const proxy = new FaultProxy(ports[i] ?? 0);
      advertised.push({ advertised: await proxy.listen(), internal: port });
      proxies.push(proxy);
    }
    const kafka = await startLocalKafka({
      software,
      dir,
      ports,
      forThroughput,
      doors,
      settings,
      ...(proxied && { proxied: advertised }),
    });
    return {
      brokers: kafka.brokers,
      dir,
      broker: (i) => testBroker(kafka.broker(i), ports[i - 1] ?? 0),
      proxy: (i) => {
        const proxy = proxies[i - 1];
        if (proxy === undefined) throw new RangeError(`there is no proxy before broker ${i}`);
        return proxy;
      },
      door: (name) => `127.0.0.1:${doors.find((door) => door.name === name)?.port ?? 0}`,
      stop: async () => {
        // nothing in it is needed again
        await kafka.kill();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function choosePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await choosePort('127.0.0.1', 0));
  return [...ports];
}

function testBroker(node: KafkaProcess, port: number): TestBroker {
  return {
    get pid() {
      return node.pid;
    },
    port,
    kill: async () => await node.kill(),
    stop: async () => await node.stop(STOP_MS),
    restart: async () => await node.start(),
    pause: () => node.pause(),
    resume: () => node.resume(),
  };
}
