// Set-up that needs nothing installed: the right Node, the packages of the lock file, the build. Says what takes its time.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Ends the process with one line. */
export function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Tacit needs Node 20.19 or newer; this is ${process.versions.node}.`);
}

/** Runs a command; after two seconds says what it is doing, with the seconds gone. Its output is shown when it fails. */
export async function step(label, command, args, options = {}) {
  const started = Date.now();
  let said = false;
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000);
    if (seconds < 2) return;
    if (process.stderr.isTTY) process.stderr.write(`\r${label} ... ${seconds} s `);
    else if (!said || seconds % 15 === 0) process.stderr.write(`${label} ... ${seconds} s\n`);
    said = true;
  }, 1000);
  let output = '';
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => (output = (output + data).slice(-65536)));
  const problem = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `exit ${code ?? signal}`));
  });
  clearInterval(timer);
  if (said && process.stderr.isTTY) process.stderr.write('\n');
  if (problem === undefined) return;
  process.stderr.write(output);
  fail(`${label}: ${problem}`);
}

/** Installs the packages of a folder's lock file when they are not those that are there. A linked node_modules belongs to somebody else. */
export async function ensureInstalled(folder = root, label = 'Installing packages (about 180 MB the first time)') {
  const modules = path.join(folder, 'node_modules');
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const hash = createHash('sha256')
    .update(readFileSync(path.join(folder, 'package-lock.json')))
    .digest('hex');
  const stamp = path.join(modules, '.tacit-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  await step(label, 'npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder });
  writeFileSync(stamp, hash);
}

/** Builds what is not built yet; quick when nothing changed. */
export async function ensureBuilt() {
  await step('Building', process.execPath, [path.join('scripts', 'build.mjs')]);
}
