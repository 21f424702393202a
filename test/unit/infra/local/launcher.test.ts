// What a failed start of the embedded server means.
import { expect, test } from 'vitest';
import { startFailure } from '../../../../infra/local/launcher.js';
import { StartError, WeatherError } from '../../../../shared/runtime/errors.js';

test('a machine without pseudo-terminals is told what it lacks, in one line', () => {
  const error = startFailure('TACIT: no pseudo-terminal: /dev/ptmx cannot be opened\n');
  expect(error).toBeInstanceOf(StartError);
  expect(error.message).toMatch(/^The embedded ClickHouse needs \/dev\/ptmx .*CLICKHOUSE_URL\.$/);
});

test('any other failure is weather with the last thing that the engine said', () => {
  const check = (output: string, said: string) => {
    const error = startFailure(output);
    expect(error).toBeInstanceOf(WeatherError);
    expect(error.message).toContain(said);
  };
  check('x\nCode: 76. DB::Exception: Cannot lock file status. (CANNOT_OPEN_FILE)\n', 'Cannot lock file status');
  check('Net Exception\nDB::NetException: Address already in use: 127.0.0.1:1', 'Address already in use');
  check('first\nlast line\n', 'last line');
  check('', 'did not start');
});
