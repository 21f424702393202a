// Finds the library of the embedded ClickHouse among the installed packages.
// In: the platform. Out: the path of libchdb.so. Must never download anything.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { StartError } from '../../shared/runtime/errors.js';

const require = createRequire(import.meta.url);

/** The package that carries the engine for a platform, or undefined when there is none for it. */
export function enginePackage(platform: NodeJS.Platform, arch: string): string | undefined {
  if (arch !== 'x64' && arch !== 'arm64') return undefined;
  if (platform === 'linux') return `@chdb/lib-linux-${arch}-gnu`;
  if (platform === 'darwin') return `@chdb/lib-darwin-${arch}`;
  return undefined;
}

/** Path of the engine's library. Throws StartError with one line that says what to install or to set. */
export function engineLibrary(platform = process.platform, arch: string = process.arch): string {
  const name = enginePackage(platform, arch);
  if (name === undefined)
    throw new StartError(
      `There is no embedded ClickHouse for ${platform}-${arch}: set CLICKHOUSE_URL to a ClickHouse server.`,
    );
  try {
    require.resolve('ffi-rs');
    const file = path.join(path.dirname(require.resolve(`${name}/package.json`)), 'libchdb.so');
    if (existsSync(file)) return file;
  } catch {
    // not installed: said below
  }
  throw new StartError(
    `The embedded ClickHouse is not installed: npm install ${name} ffi-rs, or set CLICKHOUSE_URL to a ClickHouse server.`,
  );
}
