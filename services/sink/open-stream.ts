// Where the sink reads from: Kafka when it is told of brokers, else the disk log of its data directory.
// In: configuration. Out: a reader, and a promise that rejects when only a new process can go on.
import { ensureDataDir } from '../../shared/runtime/data-dir.js';
import { openDiskLogReader } from '../../shared/runtime/disk-log/reader.js';
import { kafkaSettings } from '../../shared/runtime/kafka/config.js';
import { openKafkaReader } from '../../shared/runtime/kafka/reader.js';
import type { Logger } from '../../shared/runtime/log.js';
import type { StreamReader } from '../../shared/runtime/stream.js';
import type { SinkConfig } from './config.js';

export interface OpenedStream {
  readonly reader: StreamReader;
  readonly failed: Promise<never>;
}

export async function openStream(config: SinkConfig, log: Logger): Promise<OpenedStream> {
  const settings = kafkaSettings(config);
  if (settings !== undefined) {
    const reader = openKafkaReader({ settings, log });
    return { reader, failed: reader.failed };
  }
  const { diskLog } = ensureDataDir(config.TACIT_DATA_DIR);
  return { reader: await openDiskLogReader({ directory: diskLog, log }), failed: new Promise(() => undefined) };
}
