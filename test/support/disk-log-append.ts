// Appends to a disk log under load until it is killed or told to stop (SIGTERM).
// In: folder, name of this life. Out on standard output, one line after each acknowledged append: `<first id> <number of ids>`.
import { pino } from 'pino';
import { openDiskLogWriter } from '../../shared/runtime/disk-log/writer.js';
import type { Block } from '../../shared/runtime/stream.js';

const APPENDERS = 8;
/** Small, so that a run of seconds begins many segments. */
const SEGMENT_BYTES = 256 * 1024;
const [directory = '', life = ''] = process.argv.slice(2);
const log = pino({ level: 'warn' }, pino.destination({ fd: 2, sync: true }));
const writer = await openDiskLogWriter({ directory, log, segmentBytes: SEGMENT_BYTES });
let next = 0;
let stopping = false;
process.on('SIGTERM', () => (stopping = true));

function blockFrom(first: number, rows: number): Block {
  const padding = 'x'.repeat((first * 7919) % 900);
  const lines = Array.from({ length: rows }, (_, i) => `${JSON.stringify({ id: `${life}.${first + i}`, padding })}\n`);
  return { table: 'events', rows, body: Buffer.from(lines.join('')) };
}

async function appendForever(): Promise<void> {
  while (!stopping) {
    const first = next;
    const blocks: Block[] = [];
    for (let i = 0; i <= first % 3; i += 1) {
      const rows = 1 + (next % 20);
      blocks.push(blockFrom(next, rows));
      next += rows;
    }
    const ids = next - first;
    await writer.append(blocks);
    process.stdout.write(`${first} ${ids}\n`);
  }
}

await Promise.all(Array.from({ length: APPENDERS }, appendForever));
await writer.close();
