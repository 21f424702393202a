// npm run bench: measures stages against their floors and prints ratios. In: arguments. Out: a table, and figures as JSON.
// Never fails by time: a machine under load makes everything slower, the ratios much less so.
import { writeFileSync } from 'node:fs';
import { benchBeacon } from './beacon.js';
import { benchChain } from './chain.js';
import { benchCollector } from './collector.js';
import { benchComparisons } from './comparisons.js';
import { benchDiskLog } from './disk-log.js';
import { benchKafkaChain } from './kafka-chain.js';
import { benchKafkaProducer } from './kafka-producer.js';
import { benchKafkaSink } from './kafka-sink.js';
import { machine, machineText } from './machine.js';
import { parseOptions, type StageName } from './options.js';
import { benchPages } from './pages.js';
import type { StageReport } from './report.js';
import { benchRollUp } from './roll-up.js';
import { benchSink } from './sink.js';
import { ratioTable, stageText, targetTable } from './table.js';

const RUN: Readonly<Record<StageName, (short: boolean, generations?: number) => Promise<StageReport>>> = {
  collector: benchCollector,
  'disk-log': benchDiskLog,
  sink: benchSink,
  'roll-up': benchRollUp,
  comparisons: benchComparisons,
  pages: benchPages,
  chain: benchChain,
  beacon: benchBeacon,
  'kafka-producer': benchKafkaProducer,
  'kafka-sink': benchKafkaSink,
  'kafka-chain': benchKafkaChain,
};

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  const facts = machine();
  console.log(machineText(facts));
  const reports: StageReport[] = [];
  const failures: string[] = [];
  for (const stage of options.stages) {
    process.stderr.write(`measuring ${stage} ...\n`);
    try {
      reports.push(await RUN[stage](options.short, options.generations));
    } catch (error) {
      failures.push(`${stage} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log(`\n${ratioTable(reports)}\n`);
  const targets = targetTable(reports);
  if (targets !== '') console.log(`${targets}\n`);
  for (const report of reports) console.log(`${stageText(report)}\n`);
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  if (options.jsonFile !== undefined) {
    const figures = { at: new Date().toISOString(), machine: facts, reports };
    writeFileSync(options.jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
  }
  return failures.length === 0 ? 0 : 1;
}

try {
  // What a failed stage left running ends with this process: each of them has a channel to it.
  process.exit(await main());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
