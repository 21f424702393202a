// npm test: sets up what the tests need, runs them, and closes with one line of counts and with what was left out.
//   npm test -- --without browser         runs the rest
//   npm test -- --only unit,integration   runs these kinds alone
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkNode, ensureBuilt, ensureInstalled, fail, root, step } from './set-up.mjs';

const KINDS = ['tidy', 'unit', 'integration', 'kafka', 'browser', 'faults'];

function readKinds(argv) {
  let kinds = KINDS;
  const left = [];
  for (let i = 0; i < argv.length; i += 2) {
    const [option, value = ''] = argv.slice(i, i + 2);
    const named = value.split(',').filter((word) => word !== '');
    const unknown = named.filter((word) => !KINDS.includes(word));
    if ((option !== '--without' && option !== '--only') || named.length === 0 || unknown.length > 0) {
      fail(
        `npm test takes --without or --only with kinds out of: ${KINDS.join(', ')}${unknown.length > 0 ? `; not: ${unknown.join(', ')}` : ''}`,
      );
    }
    if (option === '--only') kinds = kinds.filter((kind) => named.includes(kind));
    else kinds = kinds.filter((kind) => !named.includes(kind));
  }
  left.push(...KINDS.filter((kind) => !kinds.includes(kind)));
  return { kinds, left };
}

const CHROMIUM_PLACES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

function hasChromium() {
  return CHROMIUM_PLACES.some((file) => file !== undefined && file !== '' && existsSync(file));
}

const mayInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;

async function install(label, packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await step('Reading the package lists', 'apt-get', ['update', '-q'], { env });
  await step(label, 'apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env });
}

async function ensureChromium() {
  if (hasChromium()) return;
  if (!mayInstall) {
    fail(
      'The browser tests need Chromium (Debian package: chromium) or CHROMIUM_PATH; npm test -- --without browser runs the rest.',
    );
  }
  await install('Installing Chromium', ['chromium']);
  if (!hasChromium()) fail('Chromium was installed but not found; set CHROMIUM_PATH.');
}

/** Java, Kafka and what makes its starts quick, so that no test waits for them; Maven only to fetch Kafka. */
async function ensureKafka() {
  const { missingKafkaPackages } = await import(
    pathToFileURL(path.join(root, 'dist', 'infra', 'kafka', 'prepare.js')).href
  );
  const packages = missingKafkaPackages(process.env);
  if (packages.length > 0) {
    if (!mayInstall) {
      fail(
        `The Kafka tests need Java 17 and Maven (Debian packages: ${packages.join(', ')}); npm test -- --without kafka runs the rest.`,
      );
    }
    await install('Installing Java and Maven', packages);
  }
  await step('Fetching Kafka (43 MB the first time)', process.execPath, [
    path.join('dist', 'scripts', 'kafka-local.js'),
    '--fetch',
  ]);
}

checkNode();
const { kinds, left } = readKinds(process.argv.slice(2));
await ensureInstalled();
await ensureBuilt();
if (kinds.includes('browser')) {
  await ensureChromium();
  await ensureInstalled(
    path.join(root, 'test', 'browser', 'pages'),
    'Installing the editors of the test pages (170 MB)',
  );
}
if (kinds.includes('kafka')) await ensureKafka();

const folder = mkdtempSync(path.join(os.tmpdir(), 'tacit-test-'));
const counts = path.join(folder, 'counts.json');
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
const args = [
  'run',
  '--config',
  '.config/vitest.config.js',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${counts}`,
];
const projects = kinds.includes('kafka') && kinds.includes('browser') ? [...kinds, 'kafka-browser'] : kinds;
const child = spawn(process.execPath, [vitest, ...args, ...projects.flatMap((name) => ['--project', name])], {
  cwd: root,
  stdio: 'inherit',
});
const code = await new Promise((resolve) => child.once('close', (status) => resolve(status ?? 1)));

let result = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numFailedTestSuites: 0 };
if (existsSync(counts)) result = JSON.parse(readFileSync(counts, 'utf8'));
rmSync(folder, { recursive: true, force: true });
const failed = Math.max(result.numFailedTests, code === 0 ? 0 : 1);
process.stdout.write(`\n${result.numPassedTests} passed, ${failed} failed, ${result.numPendingTests} skipped\n`);
if (left.length > 0) process.stdout.write(`Left out: ${left.join(', ')}.\n`);
process.exit(code === 0 && result.numPassedTests > 0 ? 0 : 1);
