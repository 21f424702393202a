// A process for tests that opens ClickHouse as the writer and stays: it keeps the embedded server when nobody else does.
// In: the data directory as its argument. Out: one line of JSON when it is ready. Stops at SIGTERM.
import { clickHouseConfigSchema, openClickHouse } from '../../infra/local/open-clickhouse.js';
import { readConfig } from '../../shared/runtime/config.js';
import { createLogger } from '../../shared/runtime/log.js';

const config = readConfig(clickHouseConfigSchema, {
  TACIT_DATA_DIR: process.argv[2],
  TACIT_CLICKHOUSE_PORT: process.argv[3] ?? '0',
});
const opened = await openClickHouse({ config, role: 'writer', log: createLogger('keeper', 'silent') });
process.once('SIGTERM', () => {
  void opened.close().then(() => process.exit(0));
});
process.stdout.write(`${JSON.stringify({ url: opened.clickhouse.connection.url })}\n`);
setInterval(() => undefined, 60_000);
