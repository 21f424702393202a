// The reporter's configuration.
import { expect, test } from 'vitest';
import { reporterConfigSchema } from '../../../../services/reporter/config.js';
import { readConfig } from '../../../../shared/runtime/config.js';

test('without variables the defaults hold', () => {
  expect(readConfig(reporterConfigSchema, {})).toMatchObject({
    TACIT_ROLLUP_CRON: '*/5 * * * * *',
    TACIT_COMPARISON_CRON: '10 * * * *',
    TACIT_REPORTER_PORT: 7071,
    TACIT_HOST: '127.0.0.1',
  });
});

test('the roll-up can be turned off', () => {
  expect(readConfig(reporterConfigSchema, { TACIT_ROLLUP_CRON: 'off' }).TACIT_ROLLUP_CRON).toBe('off');
});

test('the looks can be turned off', () => {
  expect(readConfig(reporterConfigSchema, { TACIT_COMPARISON_CRON: 'off' }).TACIT_COMPARISON_CRON).toBe('off');
});

test('every problem is named at once', () => {
  const read = () => readConfig(reporterConfigSchema, { TACIT_ROLLUP_CRON: 'hourly', TACIT_REPORTER_PORT: '-1' });
  expect(read).toThrow(/TACIT_ROLLUP_CRON: must be "off" or a cron expression/);
  expect(read).toThrow(/TACIT_REPORTER_PORT/);
});
