// Kills each kind of process at least twenty times under load, many of them in the middle of a write, an insert or a roll-up.
// Every acknowledged event must be stored, and nothing may be counted twice, in events, outcomes, rates and user_days.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClickHouse, type ClickHouse } from '../../shared/runtime/clickhouse.js';
import { sleep } from '../../shared/runtime/retry.js';
import { startInstance, tryKill, type Instance } from '../support/instance.js';
import { readLoadLedger, startLoad } from '../support/load.js';
import { auditLoad } from '../support/load-audit.js';
import { isWriting, momentOf, runningWrites } from '../support/moments.js';
import { chooseSeed, seededRandom } from '../support/random.js';

const KILLS_MIN = 20;
const PROVEN_MIN = 5;
const PROOF_WAIT_MS = 2500;
const PROJECT = 'faults';
const WINDOW_S = 4;
const LATENESS_S = 2;
const seed = chooseSeed(process.env['TACIT_FAULT_SEED']);

const KINDS = ['collector', 'sink', 'clickhouse', 'reporter', 'all'] as const;
type Kind = (typeof KINDS)[number];
const killed = Object.fromEntries(KINDS.map((kind) => [kind, { kills: 0, proven: 0 }])) as Record<
  Kind,
  { kills: number; proven: number }
>;

const random = seededRandom(seed);
const folder = mkdtempSync(path.join(os.tmpdir(), 'tacit-faults-'));
let instance: Instance;

interface ConnectionFile {
  url: string;
  database: string;
  users: { migrator: { user: string; password: string }; writer: { user: string }; reporter: { user: string } };
}

function connection(): ConnectionFile {
  const file = path.join(instance.dataDir, 'clickhouse', 'connection.json');
  return JSON.parse(readFileSync(file, 'utf8')) as ConnectionFile;
}

function openClient(): ClickHouse {
  const { url, database, users } = connection();
  return createClickHouse({ url, database, ...users.migrator });
}

/** Whether the process is in the middle of what it must survive being killed in. */
async function isBusy(kind: Kind, pid: number): Promise<boolean> {
  if (kind === 'collector') return isWriting(pid);
  const { url, users } = connection();
  const writes = async (user: string) => await runningWrites({ url, ...users.migrator }, user);
  if (kind === 'sink') return (await writes(users.writer.user)) > 0;
  if (kind === 'reporter') return (await writes(users.reporter.user)) > 0;
  return (await writes(users.writer.user)) + (await writes(users.reporter.user)) > 0;
}

async function kill(kind: Kind): Promise<void> {
  await sleep(50 + random.below(650));
  const [pid] = instance.pids(kind === 'all' ? 'supervisor' : kind);
  if (pid === undefined) return;
  // roll-ups are seldom and short: each kill of the reporter waits for one
  const wantsProof = kind === 'reporter' || random.next() < 0.6;
  const proven = wantsProof && (await momentOf(async () => await isBusy(kind, pid), PROOF_WAIT_MS));
  if (kind === 'all') {
    await instance.killAll();
    await instance.start();
  } else {
    tryKill(pid);
    const isBack = await momentOf(() => instance.pids(kind).some((other) => other !== pid), 12_000);
    if (!isBack) throw new Error(`${kind} did not come back:\n${instance.printed}`);
  }
  killed[kind].kills += 1;
  if (proven) killed[kind].proven += 1;
}

function isEnough(): boolean {
  return KINDS.every((kind) => killed[kind].kills >= KILLS_MIN && killed[kind].proven >= PROVEN_MIN);
}

beforeAll(async () => {
  instance = await startInstance({
    projects: [{ id: PROJECT, allowNoOrigin: true, eventsPerSecond: 50_000, windowS: WINDOW_S, latenessS: LATENESS_S }],
    env: { TACIT_ROLLUP_CRON: '* * * * * *', LOG_LEVEL: 'warn' },
  });
});

afterAll(async () => {
  await instance.dispose();
  rmSync(folder, { recursive: true, force: true });
});

test('no kill loses an acknowledged event or counts one twice', async () => {
  const started = performance.now();
  const ledger = path.join(folder, 'ledger');
  const load = startLoad({
    collector: instance.run.collector,
    key: instance.secrets.get(PROJECT)?.writeKey ?? '',
    seed,
    ledger,
    senders: 6,
    generationsPerBatch: 12,
    pauseMs: 60,
    batches: 0,
  });
  for (let round = 0; round < 2 * KILLS_MIN && !isEnough(); round += 1) {
    for (const kind of KINDS) await kill(kind);
  }
  const report = await load.stop();
  expect(isEnough(), JSON.stringify(killed)).toBe(true);

  const clickhouse = openClient();
  const entries = readLoadLedger(ledger);
  await sleep((WINDOW_S + LATENESS_S) * 1000);
  const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, n) => sum + n, 0);
  let audit = await auditLoad(clickhouse, PROJECT, entries);
  for (let n = 0; n < 30; n += 1) {
    const { missing, expected, rates } = audit;
    if (missing.length === 0 && rates.mature === rates.shown && rates.shown === total(expected)) break;
    await sleep(2000);
    audit = await auditLoad(clickhouse, PROJECT, entries);
  }
  await clickhouse.close();
  const { sent, acknowledged, stored, missing, wrongOutcomes, expected } = audit;
  const kills = KINDS.map((kind) => `${kind} ${killed[kind].kills} (${killed[kind].proven} in the middle)`);
  console.log(
    `seed ${seed}: ${kills.join(', ')}; ${report.batches} batches, ${report.retries} retries, ${sent} events sent, ` +
      `${acknowledged} acknowledged, ${stored} stored, ${missing.length} missing, ${wrongOutcomes.length} wrong, ` +
      `${Math.round((performance.now() - started) / 1000)} s`,
  );
  expect(acknowledged).toBeGreaterThan(10_000);
  expect(missing).toEqual([]);
  expect(audit.foreign).toEqual([]);
  expect(wrongOutcomes).toEqual([]);
  const generations = total(expected);
  expect(audit.rates).toEqual({ ...expected, shown: generations, mature: generations });
  expect(audit.userDays).toEqual({ ...expected, shown: generations, mature: generations });
});
