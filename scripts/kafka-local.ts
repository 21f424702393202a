// npm run kafka:local: a real Kafka on this machine until Ctrl-C. In: --brokers, --port, the data directory. Out: the line
// that sets KAFKA_BROKERS. Its data stays in the data directory for the next time.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { keepKafka } from '../infra/kafka/keep-kafka.js';
import { startLocalKafka } from '../infra/kafka/local-kafka.js';
import { prepareKafka } from '../infra/kafka/prepare.js';
import { readConfig, sharedConfigSchema } from '../shared/runtime/config.js';
import { ensureDataDir } from '../shared/runtime/data-dir.js';
import { StartError, WeatherError } from '../shared/runtime/errors.js';
import { requireFreePorts } from '../shared/runtime/choose-port.js';
import { acquireProcessLock } from '../shared/runtime/process-lock.js';
import { readKafkaLocalArgs } from './kafka-local/args.js';

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function main(): Promise<void> {
  const { brokers, port, fetchOnly } = readKafkaLocalArgs(process.argv.slice(2));
  const stopAsked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  const config = readConfig(sharedConfigSchema.pick({ TACIT_DATA_DIR: true }), process.env);
  const software = await prepareKafka({ env: process.env, say });
  if (fetchOnly) return;
  const root = ensureDataDir(config.TACIT_DATA_DIR).kafka;
  const dir = path.join(root, `${brokers}-broker${brokers === 1 ? '' : 's'}`);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const lock = await acquireProcessLock(`${dir}.lock`);
  const ports = Array.from({ length: brokers + 1 }, (_, i) => port + i);
  await requireFreePorts('127.0.0.1', ports, 'npm run kafka:local -- --port N takes others');
  const kafka = await Promise.race([startLocalKafka({ software, dir, ports }), stopAsked]);
  // what was just being started ends with this process
  if (kafka === undefined) return;
  const kept = keepKafka(kafka, say);
  process.stdout.write(`KAFKA_BROKERS=${kafka.brokers}\n`);
  say(`Kafka is running; its data is in ${dir}. Ctrl-C stops it.`);
  const problem = await Promise.race([stopAsked, kept.failed]);
  say(problem ?? '\nStopping ...');
  await kept.stop();
  await lock.release();
  if (problem !== undefined) process.exit(1);
}

try {
  await main();
  process.exit(0);
} catch (error) {
  if (!(error instanceof StartError) && !(error instanceof WeatherError)) throw error;
  say(error.message);
  process.exit(1);
}
