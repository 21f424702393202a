// Kafka's own command-line tools, as a witness that shares no line with the product nor with its client library.
// In: brokers and a topic. Out: what the tools print, read. Each call starts a JVM and waits for its end.
import { spawn } from 'node:child_process';
import { crc32 } from 'node:zlib';
import { javaArguments } from '../../infra/kafka/kafka-process.js';
import { prepareKafka } from '../../infra/kafka/prepare.js';

const CONSOLE_CONSUMER = 'org.apache.kafka.tools.consumer.ConsoleConsumer';
const GET_OFFSETS = 'org.apache.kafka.tools.GetOffsetShell';
const CONSUMER_GROUPS = 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';
/** The consumer gives up after so long without a record, ms: far longer than it ever waits. */
const SILENCE_MS = 60_000;
/** No row can hold it: rows are JSON on one line each. */
const RECORD_END = '\u001e\n\u001e\n';
const HEADERS_END = '\t';

export interface PrintedTopic {
  readonly records: number;
  /** Records whose header `crc` is not that of their value. */
  readonly badCrc: number;
  /** Sum of the header `n`, by the header `table`. */
  readonly rows: Readonly<Record<string, number>>;
}

export interface PrintedPosition {
  readonly partition: number;
  readonly committed: number;
  readonly end: number;
  readonly lag: number;
  /** The member that has the partition, as Kafka names it. */
  readonly member: string;
}

/** Runs a tool to its end; rejects with what it printed when it fails. */
export async function runKafkaTool(tool: string, args: readonly string[]): Promise<Buffer> {
  const software = await prepareKafka({ env: process.env, say: () => undefined });
  const child = spawn(software.java, [...javaArguments({ software }), tool, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {},
  });
  const printed: Buffer[] = [];
  let complaints = '';
  child.stdout.on('data', (bytes: Buffer) => void printed.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => (complaints += String(bytes)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${tool} ended with ${code}:\n${complaints}\n${Buffer.concat(printed).toString()}`);
  return Buffer.concat(printed);
}

/** Records in the topic by the offsets of its ends. */
export async function countRecords(brokers: string, topic: string): Promise<number> {
  const ends = async (time: string) => {
    const printed = await runKafkaTool(GET_OFFSETS, ['--bootstrap-server', brokers, '--topic', topic, '--time', time]);
    const lines = printed.toString().matchAll(/^.+:\d+:(\d+)$/gm);
    return [...lines].reduce((sum, [, offset]) => sum + Number(offset), 0);
  };
  return (await ends('latest')) - (await ends('earliest'));
}

/** Prints `records` records of the topic from its beginning, and checks and adds up what their headers say. */
export async function printTopic(brokers: string, topic: string, records: number): Promise<PrintedTopic> {
  const properties = {
    'print.headers': 'true',
    'print.value': 'true',
    'headers.separator': ',',
    'key.separator': HEADERS_END,
    'line.separator': RECORD_END,
  };
  const printed = await runKafkaTool(CONSOLE_CONSUMER, [
    ...['--bootstrap-server', brokers, '--topic', topic, '--from-beginning'],
    ...['--max-messages', String(records), '--timeout-ms', String(SILENCE_MS)],
    ...Object.entries(properties).flatMap(([name, value]) => ['--property', `${name}=${value}`]),
  ]);
  return addUp(printed);
}

function addUp(printed: Buffer): PrintedTopic {
  const rows: Record<string, number> = {};
  let records = 0;
  let badCrc = 0;
  for (let at = 0; at < printed.length;) {
    const end = printed.indexOf(RECORD_END, at);
    const valueAt = printed.indexOf(HEADERS_END, at) + HEADERS_END.length;
    if (end === -1 || valueAt > end) throw new Error(`this is no record: ${printed.subarray(at, at + 200).toString()}`);
    const pairs = printed
      .subarray(at, valueAt - HEADERS_END.length)
      .toString()
      .split(',');
    const headers = new Map(pairs.map((pair) => [pair.split(':')[0], pair.split(':')[1]]));
    const table = headers.get('table') ?? '';
    records += 1;
    if (String(crc32(printed.subarray(valueAt, end))) !== headers.get('crc')) badCrc += 1;
    rows[table] = (rows[table] ?? 0) + Number(headers.get('n'));
    at = end + RECORD_END.length;
  }
  return { records, badCrc, rows };
}

/** Where the group stands in the topic, partition by partition. */
export async function printPositions(brokers: string, topic: string, group: string): Promise<PrintedPosition[]> {
  const printed = await runKafkaTool(CONSUMER_GROUPS, ['--bootstrap-server', brokers, '--describe', '--group', group]);
  const rows = printed
    .toString()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const heads = rows.find(([head]) => head === 'GROUP') ?? [];
  const column = (row: readonly string[], name: string) => row[heads.indexOf(name)] ?? '';
  return rows
    .filter((row) => row[0] === group && column(row, 'TOPIC') === topic)
    .map((row) => ({
      partition: Number(column(row, 'PARTITION')),
      committed: Number(column(row, 'CURRENT-OFFSET')),
      end: Number(column(row, 'LOG-END-OFFSET')),
      lag: Number(column(row, 'LAG')),
      member: column(row, 'CONSUMER-ID'),
    }));
}
