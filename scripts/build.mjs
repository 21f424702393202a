// Builds everything: type-checked JavaScript into dist/, the beacon's bundles into services/beacon/dist/.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

node(path.join('node_modules', 'typescript', 'bin', 'tsc'), '-b');
if (existsSync(path.join(root, 'services', 'beacon', 'bundle.mjs')))
  node(path.join('services', 'beacon', 'bundle.mjs'));
