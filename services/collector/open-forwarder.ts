// Wires the forwarder: the disk log's reader, the producer, the quarantine and the figures. In: where Kafka is, and the log's
// directory. Out: a running forwarder. Exists only with KAFKA_BROKERS; it holds the log's one cursor then.
import { systemClock } from '../../shared/runtime/clock.js';
import { FRAME_HEADER_BYTES } from '../../shared/runtime/disk-log/frame.js';
import { Quarantine } from '../../shared/runtime/disk-log/quarantine.js';
import { openDiskLogReader } from '../../shared/runtime/disk-log/reader.js';
import { parsePosition } from '../../shared/runtime/disk-log/segment.js';
import type { KafkaSettings } from '../../shared/runtime/kafka/config.js';
import { createKafkaProducer } from '../../shared/runtime/kafka/producer.js';
import type { Logger } from '../../shared/runtime/log.js';
import type { Registry } from '../../shared/runtime/metrics.js';
import { sleep } from '../../shared/runtime/retry.js';
import { Forwarder } from './forward.js';
import { measureForwarder } from './forward-metrics.js';

/** How long a stop waits for the log to be empty, ms; the rest goes after the next start. */
const DRAIN_MS = 1_000;
/** A producer that cannot say goodbye is left behind, ms. */
const CLOSE_MS = 500;
/** The whole of a stop, ms. */
export const FORWARD_STOP_MS = 2_500;

export interface Forwarding {
  /** Rejects only when an invariant is broken. */
  readonly failed: Promise<never>;
  refusal(): { code: string; message: string } | undefined;
  measure(registry: Registry): void;
  stop(): Promise<void>;
}

export async function openForwarder(options: {
  settings: KafkaSettings;
  directory: string;
  log: Logger;
}): Promise<Forwarding> {
  const { settings, directory, log } = options;
  const reader = await openDiskLogReader({ directory, log });
  const producer = createKafkaProducer(settings, log);
  const quarantine = new Quarantine(directory);
  const keep = async (position: string, at: number, bytes: Buffer): Promise<boolean> => {
    const frame = parsePosition(position);
    if (frame === undefined) throw new Error('not a position of the disk log');
    return await quarantine.keep({ ...frame, offset: frame.offset + FRAME_HEADER_BYTES + at }, bytes);
  };
  const forwarder = new Forwarder({ reader, producer, keep, log, clock: systemClock });
  const ended = forwarder.run();
  return {
    failed: ended.then(async () => await new Promise<never>(() => undefined)),
    refusal: () => forwarder.refusal(),
    measure: (registry) => measureForwarder(registry, forwarder.counts, async () => await reader.backlog()),
    stop: async () => {
      await forwarder.stop(DRAIN_MS);
      await reader.close();
      await Promise.race([producer.close(), sleep(CLOSE_MS)]);
    },
  };
}
