// The forwarder alone, as a process: from a disk log into Kafka. In: where both are. Out: nothing; it runs until its parent is gone.
// There is no HTTP and no writer in it, so that its CPU is that of the way into Kafka.
import { openForwarder } from '../../services/collector/open-forwarder.js';
import type { KafkaSettings } from '../../shared/runtime/kafka/config.js';
import { createLogger } from '../../shared/runtime/log.js';
import { takeOrders } from './orders.js';

export interface ForwardOrder {
  readonly settings: KafkaSettings;
  readonly directory: string;
}

takeOrders<ForwardOrder, null>(async ({ settings, directory }) => {
  await openForwarder({ settings, directory, log: createLogger('forward', 'silent') });
  return null;
});
