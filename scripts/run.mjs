// Runs one built entry: node scripts/run.mjs services/sink/main [arguments]. Builds first when nothing is built yet.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { spawnSync } from 'node:child_process';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const entry = process.argv[2] ?? '';
const file = path.join(root, 'dist', `${entry}.js`);
if (!existsSync(file)) {
  const { status } = spawnSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
process.argv.splice(1, 2, file);
await import(pathToFileURL(file).href);
