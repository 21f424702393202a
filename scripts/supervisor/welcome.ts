// What a person reads when everything runs: what to open, how to ask in SQL, how to stop.
import path from 'node:path';
import type { RunFile } from './run-file.js';

export function welcome(run: RunFile, dataDir: string): string {
  const lines = ['Tacit is running.', ''];
  if (run.demo !== null) lines.push(`  Demo product   ${run.demo}   copy, edit or dismiss an answer`);
  const token = run.project === null ? '' : `?token=${run.project.readToken}`;
  lines.push(`  Live page      ${run.reporter}/${token}`);
  const { url, database, analyst } = run.clickhouse;
  if (analyst !== null) {
    lines.push(`  SQL            ${url}   user ${analyst.user}, read only; for example:`);
    const query = `SELECT outcome, count() FROM ${database}.generation_outcomes GROUP BY outcome`;
    lines.push(`                 curl -u '${analyst.user}:${analyst.password}' '${url}/' --data-binary '${query}'`);
  }
  if (run.kafka !== null) lines.push(`  Kafka          ${run.kafka.brokers}`);
  const relative = path.relative(process.cwd(), dataDir);
  const folder = relative.startsWith('..') ? dataDir : relative || 'this folder';
  lines.push('', `  Everything is kept in ${folder}. Ctrl-C stops it all; the next npm start goes on from there.`, '');
  return lines.join('\n');
}
