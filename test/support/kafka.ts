// A real Kafka of a test's own: in a temporary directory, on free ports, with its brokers at the test's mercy.
import { prepareKafka } from '../../infra/kafka/prepare.js';
import type { KafkaProcess } from '../../infra/kafka/kafka-process.js';
import { startLocalKafka } from '../../infra/kafka/local-kafka.js';
import { choosePort } from '../../shared/runtime/choose-port.js';
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
  /** Stops all and removes the directory. */
  stop(): Promise<void>;
}

/** `brokers` 1: one node; more: a controller beside them, so that any broker may die. Ports stay those of the first start. */
export async function startTestKafka({
  brokers = 1,
  forThroughput = false,
}: { brokers?: number; forThroughput?: boolean } = {}): Promise<TestKafka> {
  const software = await prepareKafka({ env: process.env, say: () => undefined });
  const ports: number[] = [];
  while (ports.length <= brokers) {
    const port = await choosePort('127.0.0.1', 0);
    if (!ports.includes(port)) ports.push(port);
  }
  const { dir, remove } = makeTempDir('kafka');
  try {
    const kafka = await startLocalKafka({ software, dir, ports, forThroughput });
    return {
      brokers: kafka.brokers,
      dir,
      broker: (i) => testBroker(kafka.broker(i), ports[i - 1] ?? 0),
      stop: async () => {
        // nothing in it is needed again
        await kafka.kill();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
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
