// Reading configuration from the environment.
import { expect, test } from 'vitest';
import { readConfig, sharedConfigSchema } from '../../../../shared/runtime/config.js';

test('defaults are those that are documented', () => {
  const config = readConfig(sharedConfigSchema, {});
  expect(config).toMatchObject({
    TACIT_HOST: '127.0.0.1',
    TACIT_COLLECTOR_PORT: 7070,
    TACIT_REPORTER_PORT: 7071,
    TACIT_DEMO_PORT: 7072,
    TACIT_CLICKHOUSE_PORT: 7073,
    CLICKHOUSE_DATABASE: 'tacit',
    LOG_LEVEL: 'info',
  });
  expect(config.TACIT_DATA_DIR.endsWith('/.tacit')).toBe(true);
  expect(Object.isFrozen(config)).toBe(true);
});

test('an empty value counts as absent', () => {
  expect(readConfig(sharedConfigSchema, { TACIT_HOST: '', CLICKHOUSE_URL: '' })).toMatchObject({
    TACIT_HOST: '127.0.0.1',
  });
});

test('a port is taken up to its limits and refused one past', () => {
  const port = (value: string) => () =>
    readConfig(sharedConfigSchema, { TACIT_COLLECTOR_PORT: value }).TACIT_COLLECTOR_PORT;
  expect(port('0')()).toBe(0);
  expect(port('65535')()).toBe(65535);
  for (const bad of ['-1', '65536', '7070.5', 'http']) expect(port(bad)).toThrow('TACIT_COLLECTOR_PORT');
});

test('every problem is said at once, by name and never by value', () => {
  const bad = {
    TACIT_HOST: 'secret-host',
    CLICKHOUSE_URL: 'ftp://user:secret@host',
    CLICKHOUSE_DATABASE: 'secret; DROP',
    LOG_LEVEL: 'secret',
  };
  let message = '';
  try {
    readConfig(sharedConfigSchema, bad);
  } catch (error) {
    message = String(error);
  }
  for (const name of Object.keys(bad)) expect(message).toContain(name);
  expect(message).not.toContain('secret');
});
