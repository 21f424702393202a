// Keeps a local Kafka running: a node that ended is started again, with growing pauses, until it failed too often.
// In: a running Kafka. Out: its stop, and the line that says why it cannot be kept. Never starts a node once a stop was asked.
import { RestartBudget } from '../../shared/runtime/restarts.js';
import { sleep } from '../../shared/runtime/retry.js';
import type { KafkaProcess } from './kafka-process.js';
import type { LocalKafka } from './local-kafka.js';

/** What is kept of a local Kafka. */
export interface KeepableKafka extends Pick<LocalKafka, 'brokers' | 'stop'> {
  readonly nodes: readonly { readonly name: string; readonly process: Pick<KafkaProcess, 'ended' | 'start'> }[];
}

export interface KeptKafka {
  readonly brokers: string;
  /** Resolves with a line for a person when a node failed too often. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

export function keepKafka(kafka: KeepableKafka, say: (line: string) => void): KeptKafka {
  let stopping = false;
  const keep = async ({ name, process }: KeepableKafka['nodes'][number]): Promise<string> => {
    const budget = new RestartBudget();
    for (;;) {
      await process.ended;
      if (stopping) return await new Promise(() => undefined);
      const pause = budget.fail(performance.now());
      if (pause === undefined) return `${name} failed too often`;
      say(`${name} ended; it is started again.`);
      await sleep(pause);
      if (stopping) continue;
      await process.start().catch((error: unknown) => {
        // a start that a stop cut short has not failed
        if (!stopping) say(error instanceof Error ? error.message : String(error));
      });
    }
  };
  return {
    brokers: kafka.brokers,
    failed: Promise.race(kafka.nodes.map(keep)),
    stop: async () => {
      stopping = true;
      await kafka.stop();
    },
  };
}
