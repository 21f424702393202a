// ClickHouse's own way out of Kafka: a table of its Kafka engine and a materialized view into `events`, in an embedded server of
// its own with the product's tables and views. In: where Kafka is. Out: the server. Must leave neither process nor folder behind.
import type { KafkaSettings } from '../../shared/runtime/kafka/config.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';

/**
 * One record holds many rows; a block of the engine is what it inserts at once, and it may be larger than an insert of the sink.
 * It gives up waiting for more records after as long as the sink does.
 */
export const ENGINE_SETTINGS = {
  kafka_format: 'JSONEachRow',
  kafka_num_consumers: 1,
  kafka_max_block_size: 65_536,
  kafka_poll_max_batch_size: 65_536,
  kafka_poll_timeout_ms: 100,
  kafka_flush_interval_ms: 500,
} as const;

interface Column {
  readonly name: string;
  readonly type: string;
}

export async function startKafkaEngine({ brokers, topic }: KafkaSettings): Promise<TestClickHouse> {
  const clickhouse = await startTestClickHouse({ migratorGrants: ['GRANT KAFKA ON *.*'] });
  const { migrator } = clickhouse;
  try {
    // The engine knows no default values: what no record carries is left to the table behind it.
    const columns = await migrator.query<Column>(
      `SELECT name, type FROM system.columns WHERE database = 'tacit' AND table = 'events'
         AND default_kind != 'MATERIALIZED' AND name != 'ingested_at' ORDER BY position`,
    );
    const list = columns.map(({ name, type }) => `${name} ${type}`).join(', ');
    const source = { kafka_broker_list: brokers.join(','), kafka_topic_list: topic, kafka_group_name: 'bench-engine' };
    const settings = Object.entries({ ...source, ...ENGINE_SETTINGS })
      .map(([name, value]) => `${name} = ${typeof value === 'number' ? value : `'${value}'`}`)
      .join(', ');
    await migrator.command(`CREATE TABLE tacit.bench_kafka (${list}) ENGINE = Kafka SETTINGS ${settings}`);
    const names = columns.map(({ name }) => name).join(', ');
    await migrator.command(
      `CREATE MATERIALIZED VIEW tacit.bench_kafka_mv TO tacit.events AS SELECT ${names} FROM tacit.bench_kafka`,
    );
    return clickhouse;
  } catch (error) {
    await clickhouse.stop();
    throw error;
  }
}
