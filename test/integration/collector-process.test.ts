// The collector as a process of its own, on a real disk log: what was answered 202 is there, however the process ends.
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WRITE_KEY, batchOf, copyEvent } from '../support/collector.js';
import { makeCollectorFolder, type CollectorFolder } from '../support/collector-folder.js';
import { eventually } from '../support/eventually.js';
import { RawClient } from '../support/raw-http.js';
import { startService, type ServiceProcess } from '../support/service-process.js';

const CLIENTS = 8;
const EVENTS = 20;

let folder: CollectorFolder;
let service: ServiceProcess | undefined;
beforeEach(async () => {
  folder = await makeCollectorFolder();
});
afterEach(async () => {
  await service?.kill();
  service = undefined;
  folder.remove();
});

async function start(): Promise<ServiceProcess> {
  service = await startService('collector', folder.env);
  return service;
}

const urlOf = ({ ready }: ServiceProcess) => `http://127.0.0.1:${String(ready['port'])}`;

async function post(url: string, batch: unknown, key = WRITE_KEY): Promise<Response> {
  return await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(batch),
  });
}

interface Load {
  /** Ids of batches whose whole answer 202 was read. */
  readonly acknowledged: Set<string>;
  readonly statuses: Set<number>;
  stop(): Promise<void>;
}

/** Sends batches one after the other from several clients, until it is stopped or the connection fails. */
function startLoad(url: string): Load {
  const acknowledged = new Set<string>();
  const statuses = new Set<number>();
  let running = true;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (running) {
      const events = Array.from({ length: EVENTS }, () => copyEvent());
      try {
        const response = await post(url, batchOf([...events, { id: 'bad' }]));
        const answer = (await response.json()) as { accepted?: number };
        statuses.add(response.status);
        if (response.status !== 202) continue;
        expect(answer.accepted).toBe(EVENTS);
        for (const { id } of events) acknowledged.add(String(id));
      } catch {
        return;
      }
    }
  });
  return {
    acknowledged,
    statuses,
    async stop() {
      running = false;
      await Promise.all(clients);
    },
  };
}

const missing = (acknowledged: ReadonlySet<string>, rows: readonly Record<string, unknown>[]): string[] => {
  const stored = new Set(rows.map((row) => String(row['event_id'])));
  return [...acknowledged].filter((id) => !stored.has(id));
};

describe('a collector that is killed while it answers', () => {
  it('has on disk whatever it acknowledged, five times', async () => {
    const acknowledged = new Set<string>();
    for (let round = 0; round < 5; round++) {
      const running = await start();
      const load = startLoad(urlOf(running));
      await eventually(
        async () => load.acknowledged.size,
        (n) => n >= 200 * (round + 1),
      );
      await running.kill();
      await load.stop();
      for (const id of load.acknowledged) acknowledged.add(id);
    }
    expect(missing(acknowledged, await folder.rows('events'))).toEqual([]);
    const drops = await folder.rows('drops');
    expect(new Set(drops.map((row) => row['reason']))).toEqual(new Set(['invalid_id']));
  });
});

describe('a collector that is asked to stop under load', () => {
  it('answers what it has begun, then ends by itself within 10 s, with everything on disk', async () => {
    const running = await start();
    const load = startLoad(urlOf(running));
    await eventually(
      async () => load.acknowledged.size,
      (n) => n >= 500,
    );
    const before = performance.now();
    expect(await running.stop()).toBe(0);
    expect(performance.now() - before).toBeLessThan(10_000);
    await load.stop();
    expect([...load.statuses]).toEqual([202]);
    expect(missing(load.acknowledged, await folder.rows('events'))).toEqual([]);
  });

  it('does not wait for a body that never comes', async () => {
    const running = await start();
    const client = await RawClient.connect(Number(running.ready['port']));
    client.head('POST /v1/events', {
      authorization: `Bearer ${WRITE_KEY}`,
      'content-type': 'text/plain',
      'content-length': 9,
    });
    await post(urlOf(running), batchOf([copyEvent()]));
    const before = performance.now();
    await running.stop();
    expect(performance.now() - before).toBeLessThan(10_000);
    await client.ended();
  });
});

describe('the headers of a request', () => {
  it('have 10 s, then the connection is answered 408 and closed', async () => {
    const running = await start();
    const client = await RawClient.connect(Number(running.ready['port']));
    client.write('POST /v1/events HTTP/1.1\r\nhost: te');
    const before = performance.now();
    const answer = await client.answer();
    expect(answer.status).toBe(408);
    expect(performance.now() - before).toBeGreaterThan(9500);
    expect(performance.now() - before).toBeLessThan(13_000);
    await client.ended();
  });
});

describe('the projects file', () => {
  it('is followed: a new key is taken, the old one is not', async () => {
    const url = urlOf(await start());
    await folder.writeProjects('pk_new_0123456789');
    await eventually(
      async () => (await post(url, batchOf([copyEvent()]), 'pk_new_0123456789')).status,
      (status) => status === 202,
    );
    expect((await post(url, batchOf([copyEvent()]))).status).toBe(401);
  });

  it('keeps its last good version when it is broken', async () => {
    const running = await start();
    await writeFile(folder.projectsFile, '{');
    await eventually(
      async () => running.log.join(''),
      (log) => log.includes('not usable'),
    );
    expect((await post(urlOf(running), batchOf([copyEvent()]))).status).toBe(202);
  });

  it('is missing: one clear line, no stack, exit code 1', async () => {
    const env = { ...folder.env, TACIT_PROJECTS_FILE: '/nowhere/projects.json' };
    const error: unknown = await startService('collector', env).catch((e: unknown) => e);
    expect(String(error)).toContain('it ended with 1');
    expect(String(error)).toContain('The projects file /nowhere/projects.json is missing');
    expect(String(error)).not.toContain('main.js');
  });
});
