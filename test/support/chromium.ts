// Starts a real Chromium in a process group of its own and drives it. In: nothing, or the profile of an earlier run, and
// further flags.
// Out: its only context. A test can kill it like a machine that loses power, and start it again on the same profile.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--password-store=basic',
  '--remote-debugging-port=0',
  '--window-size=1000,700',
];

/** How long a start may take on a busy machine, ms. */
const START_MS = 60_000;

/** Path of the browser, or undefined when there is none. `CHROMIUM_PATH` names it. */
export function findChromium(): string | undefined {
  return [process.env['CHROMIUM_PATH'], ...PLACES].find((file) => file !== undefined && existsSync(file));
}

export interface Chromium {
  context: BrowserContext;
  browser: Browser;
  /** Profile folder; outlives `kill`, not `close`. */
  profile: string;
  /** SIGKILL for all its processes, at once. */
  kill(): Promise<void>;
  /** Ends it and removes its profile. */
  close(): Promise<void>;
}

async function addressOf(profile: string): Promise<string> {
  const until = performance.now() + START_MS;
  for (;;) {
    const text = await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '');
    const port = text.split('\n')[0];
    if (port) return `http://127.0.0.1:${port}`;
    if (performance.now() > until) throw new Error('Chromium did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function startChromium(earlier?: string, flags: readonly string[] = []): Promise<Chromium> {
  const file = findChromium();
  if (!file) throw new Error('no Chromium found: install the package "chromium" or set CHROMIUM_PATH');
  const profile = earlier ?? (await mkdtemp(path.join(tmpdir(), 'tacit-chromium-')));
  await rm(path.join(profile, 'DevToolsActivePort'), { force: true });
  await rm(path.join(profile, 'SingletonLock'), { force: true });
  const child = spawn(file, [...FLAGS, ...flags, `--user-data-dir=${profile}`, 'about:blank'], {
    detached: true,
    stdio: 'ignore',
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  function end(): void {
    try {
      process.kill(-(child.pid as number), 'SIGKILL');
    } catch {
      // gone already
    }
  }
  // It has a process group of its own and would outlive a test run that breaks off.
  process.once('exit', end);

  async function kill(): Promise<void> {
    process.removeListener('exit', end);
    end();
    await exited;
  }

  try {
    const browser = await chromium.connectOverCDP(await addressOf(profile));
    const context = browser.contexts()[0] as BrowserContext;
    return {
      browser,
      context,
      profile,
      kill,
      async close() {
        await browser.close().catch(() => undefined);
        await kill();
        await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      },
    };
  } catch (error) {
    await kill();
    throw error;
  }
}
