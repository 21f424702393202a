// The sink's configuration: defaults, and every problem by name.
import { expect, test } from 'vitest';
import { readSinkConfig } from '../../../../services/sink/config.js';

test('without a word the sink listens nowhere and uses the embedded ClickHouse', () => {
  expect(readSinkConfig({})).toMatchObject({
    TACIT_HOST: '127.0.0.1',
    CLICKHOUSE_DATABASE: 'tacit',
    LOG_LEVEL: 'info',
  });
  expect(readSinkConfig({}).TACIT_SINK_PORT).toBeUndefined();
  expect(readSinkConfig({ TACIT_SINK_PORT: '0' }).TACIT_SINK_PORT).toBe(0);
});

test('every problem is said at once, by name and without its value', () => {
  const read = () => readSinkConfig({ TACIT_SINK_PORT: '65536', LOG_LEVEL: 'loud', CLICKHOUSE_URL: 'ftp://secret' });
  expect(read).toThrow(/TACIT_SINK_PORT[^]*/);
  expect(read).toThrow(/LOG_LEVEL/);
  expect(read).toThrow(/CLICKHOUSE_URL/);
  expect(read).not.toThrow(/loud|secret|65536/);
});
