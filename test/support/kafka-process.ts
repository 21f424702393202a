// A process that keeps a Kafka, to be killed. Out: one line of JSON with the broker's process id and the Kafka's directory.
import { startTestKafka } from './kafka.js';

const kafka = await startTestKafka();
process.stdout.write(`${JSON.stringify({ pid: kafka.broker(1).pid, dir: kafka.dir })}\n`);
setInterval(() => undefined, 60_000);
