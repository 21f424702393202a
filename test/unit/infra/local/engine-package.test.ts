// Which package carries the engine, and what a person reads where there is none.
import { expect, test } from 'vitest';
import { engineLibrary, enginePackage } from '../../../../infra/local/engine-package.js';

test('each platform that has an engine has a package', () => {
  const check = (platform: NodeJS.Platform, arch: string, expected: string | undefined) =>
    expect(enginePackage(platform, arch)).toBe(expected);
  check('linux', 'x64', '@chdb/lib-linux-x64-gnu');
  check('linux', 'arm64', '@chdb/lib-linux-arm64-gnu');
  check('darwin', 'arm64', '@chdb/lib-darwin-arm64');
  check('darwin', 'x64', '@chdb/lib-darwin-x64');
  check('win32', 'x64', undefined);
  check('linux', 'riscv64', undefined);
});

test('a platform without an engine is told of CLICKHOUSE_URL, in one line', () => {
  expect(() => engineLibrary('win32', 'x64')).toThrow(
    /^There is no embedded ClickHouse for win32-x64: .*CLICKHOUSE_URL.*$/,
  );
});

test('an engine that is not installed is named, in one line', () => {
  expect(() => engineLibrary('darwin', 'arm64')).toThrow(
    /^.*npm install @chdb\/lib-darwin-arm64 ffi-rs.*CLICKHOUSE_URL.*$/,
  );
});
