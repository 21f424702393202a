// Processes that send alerts: one that is killed after a message and before its row in the ledger, and several at the same time.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlertTarget } from '../../../../../shared/contract/alert-targets.js';
import { openHttpReceiver } from '../../../../support/alert-receiver.js';
import type { AlertProcessTask } from '../../../../support/alert-process.js';
import { numberedEvent } from '../../../../support/alerts.js';
import { startTestClickHouse, type TestClickHouse } from '../../../../support/clickhouse.js';
import { eventually } from '../../../../support/eventually.js';
import { runEntry, type Running } from '../../../../support/run-entry.js';

const TODAY = new Date().toISOString().slice(0, 10);

let server: TestClickHouse;

beforeAll(async () => {
  server = await startTestClickHouse();
});
afterAll(async () => {
  await server.stop();
});

function startSender(url: string, task: Omit<AlertProcessTask, 'connection'>): Running {
  const whole: AlertProcessTask = { connection: server.connections.reporter, ...task };
  return runEntry(['test', 'support', 'alert-process.js'], [JSON.stringify(whole)], { env: { HOOK: url } });
}

const hookTarget: AlertTarget = {
  kind: 'webhook',
  name: 'ops',
  url: { env: 'HOOK' },
  secret: { value: 'a secret of a test, long enough' },
};
const projectOf = (id: string) => [{ id, alerts: { targets: [hookTarget] } }];

async function statuses(project: string): Promise<string[]> {
  const rows = await server.reporter.query<{ step: string }>(
    `SELECT concat(toString(attempt), ' ', toString(status)) AS step FROM alert_deliveries
     WHERE project_id = {project:String} ORDER BY alert_id, attempt, alert_deliveries.status`,
    { project },
  );
  return rows.map(({ step }) => step);
}

test('a process that is killed between the message and the ledger is followed by one that repeats it with the same key', async () => {
  const hook = await openHttpReceiver();
  const task = { projects: projectOf('killed'), events: [numberedEvent(1, TODAY, 'killed')], leaseMs: 3000 };
  hook.answers = ['silence'];
  const doomed = startSender(hook.url, task);
  try {
    await eventually(
      async () => await Promise.resolve(hook.received.length),
      (n) => n === 1,
    );
    // the message is there; its sender does not live to write that down
    doomed.child.kill('SIGKILL');
    expect((await doomed.end).signal).toBe('SIGKILL');
    expect(await statuses('killed')).toEqual(['0 claimed', '1 sending']);
    // the lease of the dead one has to run out first
    await eventually(
      async () => {
        const { code, said } = await startSender(hook.url, task).end;
        expect(code, said).toBe(0);
        return await statuses('killed');
      },
      (found) => found.includes('2 sent'),
      60_000,
    );
    expect(await statuses('killed')).toEqual(['0 claimed', '1 sending', '1 unknown', '2 sending', '2 sent']);
    const [first, second] = hook.received;
    expect(hook.received.map(({ headers }) => headers['idempotency-key'])).toEqual([
      task.events[0]?.alert.id,
      task.events[0]?.alert.id,
    ]);
    expect(second?.body).toBe(first?.body);
  } finally {
    doomed.child.kill('SIGKILL');
    await hook.close();
  }
});

test('of four processes at the same time one sends, and every event arrives once', async () => {
  const hook = await openHttpReceiver();
  try {
    const events = [1, 2, 3].map((n) => numberedEvent(n, TODAY, 'racing'));
    const task = { projects: projectOf('racing'), events, leaseMs: 60_000, startAt: Date.now() + 1500 };
    const ends = await Promise.all([1, 2, 3, 4].map(async () => await startSender(hook.url, task).end));
    for (const { code, said } of ends) expect(code, said).toBe(0);
    expect(hook.received.map(({ headers }) => headers['idempotency-key']).sort()).toEqual(
      events.map(({ alert }) => alert.id).sort(),
    );
    const found = await statuses('racing');
    expect(found.filter((step) => step === '1 sent')).toHaveLength(3);
    expect(found.filter((step) => step === '1 sending')).toHaveLength(3);
  } finally {
    await hook.close();
  }
});
