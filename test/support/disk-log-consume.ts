// Reads a disk log and commits, until it is killed or told to stop (SIGTERM; then it ends when nothing comes any more).
// In: folder, results file. Out: a line of JSON `{position, ids}` or `{position, reason}` for each item, before its commit.
import { appendFileSync } from 'node:fs';
import { openDiskLogReader } from '../../shared/runtime/disk-log/reader.js';
import { isUnreadable } from '../../shared/runtime/stream.js';

const [directory = '', results = ''] = process.argv.slice(2);
const reader = await openDiskLogReader({ directory });
let stopping = false;
process.on('SIGTERM', () => (stopping = true));
// The life before may have been killed within a line.
appendFileSync(results, '\n');

for (;;) {
  const batch = await reader.read(200_000, stopping ? 500 : 50);
  if (batch === undefined && stopping) break;
  if (batch === undefined) continue;
  const lines: string[] = [];
  let stored = 0;
  for (const item of batch.items) {
    const { position } = item;
    if (isUnreadable(item)) {
      lines.push(JSON.stringify({ position, reason: item.reason }));
      continue;
    }
    const rows = item.body.toString('utf8').split('\n').slice(0, -1);
    lines.push(JSON.stringify({ position, ids: rows.map((row) => (JSON.parse(row) as { id: string }).id) }));
    stored += item.rows;
  }
  appendFileSync(results, `${lines.join('\n')}\n`);
  await batch.commit({ stored, dead: 0 });
}
await reader.close();
