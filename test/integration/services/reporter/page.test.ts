// The reporter as a process: its page and API over HTTP, what it shows and to whom.
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventRow } from '../../../../shared/contract/rows.js';
import { PAGE_PATHS } from '../../../../services/reporter/web/page-module.js';
import { sleep } from '../../../../shared/runtime/retry.js';
import { startTestClickHouse, type TestClickHouse } from '../../../support/clickhouse.js';
import { eventually } from '../../../support/eventually.js';
import { blankEvent, ndjson } from '../../../support/random-events.js';
import { READ_TOKEN, sha256, startReporter, testProject, type TestReporter } from '../../../support/reporter.js';
import { eventuallyRolledUp } from '../../../support/rolled-up.js';

const HOSTILE = `<img src=x onerror="alert(1)">`;
/** Short enough to be waited for, and longer than a roll-up takes to come on a busy machine: the young day is looked at too. */
const FAST = { windowS: 15, latenessS: 1 };
const projects = [
  testProject('demo', { name: 'Demo product', settings: FAST }),
  testProject('empty'),
  testProject('foreign', { readTokens: [{ sha256: sha256('another token') }] }),
];

let server: TestClickHouse;
let reporter: TestReporter;

beforeAll(async () => {
  server = await startTestClickHouse();
  reporter = await startReporter({ connection: server.connections.reporter, projects });
});
afterAll(async () => {
  await reporter.stop();
  await server.stop();
});

interface Rates {
  readonly asOf: string | null;
  readonly rates: {
    readonly promptId: string;
    readonly promptVersion: string;
    readonly mature: number;
    readonly rate: number | null;
    readonly low: number | null;
    readonly persons: number;
    readonly metricVersion: string;
    readonly soFar: Record<string, number>;
  }[];
}

async function get(path: string, headers: Record<string, string> = { authorization: `Bearer ${READ_TOKEN}` }) {
  return await fetch(reporter.url + path, { headers, redirect: 'manual' });
}

/** A page once it says this: the roll-up computes windows after the days. */
async function pageWith(path: string, said: string): Promise<string> {
  return await rolledUp(
    async () => await (await get(path)).text(),
    (text) => text.includes(said),
  );
}

async function rolledUp<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  return await eventuallyRolledUp(server.reporter, ask, holds);
}

async function getRates(query: string): Promise<Rates> {
  return (await (await get(`/api/rates?${query}`)).json()) as Rates;
}

function shown(generation: string, differences: Partial<EventRow> = {}): EventRow {
  const at = Date.now();
  return blankEvent({
    project_id: 'demo',
    generation_id: generation,
    generated_at: at,
    event_id: randomUUID(),
    event_type: 'shown',
    shows: 1,
    occurred_at: at,
    received_at: at,
    prompt_id: 'summarise',
    prompt_version: '7',
    model: 'model-x',
    model_version: '2026-10',
    surface: 'web',
    user_kind: 'user',
    user_key: '1',
    trusted: 1,
    ...differences,
  });
}

async function send(rows: readonly EventRow[]): Promise<void> {
  await server.writer.insertBlock('events', [ndjson(rows)]);
}

describe('what the figures say', () => {
  test('before any event there are words, and no figures', async () => {
    const page = await (await get('/?project=demo')).text();
    expect(page).toContain('No events yet.');
    expect(page).toContain('Open the demo page');
    expect(page).toContain('In this demo an action counts for 15 seconds after the answer was shown');
    expect(await getRates('project=demo')).toMatchObject({ asOf: null, rates: [] });
  });

  test('a copy is there at once as "so far"; ignored and the rate come with time alone', async () => {
    const copied = shown('g1');
    await send([
      copied,
      shown('g2', { user_key: '2' }),
      { ...copied, event_id: randomUUID(), event_type: 'copy', shows: 0, decides: 'accept', decision_value: 1 },
    ]);
    const young = await rolledUp(
      async () => await getRates('project=demo&prompt=summarise'),
      ({ rates }) => rates.length > 0,
    );
    expect(young.rates[0]).toMatchObject({
      mature: 0,
      rate: null,
      soFar: { shown: 2, accepted: 1, ignored: 0, unresolved: 1 },
    });
    const mature = await rolledUp(
      async () => await getRates('project=demo&prompt=summarise'),
      ({ rates }) => rates[0]?.mature === 2,
    );
    expect(mature.rates[0]).toMatchObject({
      rate: 0.5,
      persons: 2,
      soFar: { shown: 2, accepted: 1, ignored: 1, unresolved: 0 },
    });
    expect(mature.rates[0]?.low).not.toBeNull();
  });

  test('the page gives a rate with its n, persons, as-of time and metric version', async () => {
    const page = await pageWith('/?project=demo', '50.0 %');
    const { rates } = await getRates('project=demo');
    expect(page).toContain('n = 2');
    expect(page).toContain('2 persons');
    expect(page).toContain(rates[0]?.metricVersion);
    expect(page).toMatch(/as of\s+<time datetime="20\d\d-/);
    expect(page).toMatch(/Figures as of/);
    expect(page).toMatch(/Version 7/);
  });

  test('filters narrow the figures', async () => {
    await send([shown('g3', { prompt_id: 'draft', model: 'model-y', user_key: '3' })]);
    await rolledUp(
      async () => await getRates('project=demo'),
      ({ rates }) => rates.length === 2,
    );
    expect((await getRates('project=demo&prompt=draft')).rates.map(({ promptId }) => promptId)).toEqual(['draft']);
    expect((await getRates('project=demo&model=model-x')).rates.map(({ promptId }) => promptId)).toEqual(['summarise']);
    expect((await getRates('project=demo&from=2026-01-01&to=2026-01-02')).rates).toEqual([]);
    expect(await (await get('/prompt?project=demo&prompt=nothing')).text()).toContain('Nothing matches.');
    const page = await pageWith('/prompt?project=demo&prompt=draft', '<h1>draft</h1>');
    expect(page).toContain('<option value="summarise">');
    expect(await (await get('/?project=demo&period=2026-01-01..2026-01-03')).text()).toContain(
      'No figures in this period yet.',
    );
  });

  test('figures of people known by session only say so', async () => {
    await send([shown('g4', { prompt_id: 'by-session', user_kind: 'session', user_key: '9' })]);
    await rolledUp(
      async () => await getRates('project=demo&prompt=by-session'),
      ({ rates }) => rates[0]?.mature === 1,
    );
    const page = await pageWith('/prompt?project=demo&prompt=by-session', '1 session');
    expect(page).toContain('no interval: one person');
  });

  test('drops and the newest events are there for whoever asks "is it working?"', async () => {
    const minute = Math.floor(Date.now() / 60_000) * 60;
    await server.writer.insertBlock('drops', [
      ndjson([
        { project_id: 'demo', reason: 'token_expired', drop_id: randomUUID(), minute, n: 4 },
        { project_id: 'demo', reason: 'token_expired', drop_id: randomUUID(), minute: minute - 25 * 3600, n: 100 },
      ]),
    ]);
    expect(await (await get('/api/drops?project=demo')).json()).toMatchObject({
      drops: [{ reason: 'token_expired', events: 4 }],
    });
    const recent = (await (await get('/api/events/recent?project=demo')).json()) as {
      events: Record<string, unknown>[];
    };
    expect(recent.events[0]).toMatchObject({
      type: 'shown',
      promptId: 'by-session',
      promptVersion: '7',
      modelVersion: '2026-10',
      trusted: true,
    });
    const page = await pageWith('/quality?project=demo', 'Token has expired');
    expect(page).toContain('by-session');
  });

  test('a hostile prompt name stays text on the page, in its pieces and in CSV', async () => {
    await send([shown('g5', { prompt_id: HOSTILE, prompt_version: '=1+1' })]);
    await rolledUp(
      async () => await getRates('project=demo'),
      ({ rates }) => rates.some(({ promptId }) => promptId === HOSTILE),
    );
    for (const path of [
      '/?project=demo',
      '/api/live?project=demo',
      `/prompt?project=demo&prompt=${encodeURIComponent(HOSTILE)}`,
      `/api/live?page=/prompt&project=demo&prompt=${encodeURIComponent(HOSTILE)}`,
    ]) {
      const text = await pageWith(path, '&lt;img');
      expect(text, path).not.toContain('<img');
    }
    const csv = await (await get('/api/rates?project=demo&format=csv')).text();
    expect(csv).toContain(`"<img src=x onerror=""alert(1)"">",'=1+1,model-x`);
  });

  test('CSV comes by format and by Accept, with the names of the columns', async () => {
    const authorization = `Bearer ${READ_TOKEN}`;
    for (const answer of [
      await get('/api/rates?project=demo&format=csv'),
      await get('/api/rates?project=demo', { authorization, accept: 'text/csv' }),
    ]) {
      expect(answer.headers.get('content-type')).toContain('text/csv');
      expect(await answer.text()).toMatch(/^prompt_id,prompt_version,model,model_version,.*rate,low,high,persons/);
    }
    expect(
      (await get('/api/rates?project=demo', { authorization, accept: '*/*' })).headers.get('content-type'),
    ).toContain('json');
  });

  test('settings that change in the projects file restate the figures', async () => {
    const before = (await getRates('project=demo&prompt=summarise')).rates[0]?.metricVersion;
    await reporter.setProjects([
      testProject('demo', { name: 'Demo product', settings: { ...FAST, metricVersion: 'strict' } }),
      ...projects.slice(1),
    ]);
    const after = await rolledUp(
      async () => await getRates('project=demo&prompt=summarise'),
      ({ rates }) => rates[0]?.metricVersion === 'strict',
    );
    expect(after.rates.length).toBe(1);
    expect(before).toMatch(/^m-/);
  });
});

describe('who may see it', () => {
  test('without a token each page says what to do, and a program gets a problem', async () => {
    for (const path of PAGE_PATHS) {
      const page = await get(path, {});
      expect(page.status, path).toBe(401);
      expect(await page.text()).toContain('A read token is needed');
    }
    const api = await get('/api/rates?project=demo', {});
    expect(api.status).toBe(401);
    expect(api.headers.get('content-type')).toContain('application/problem+json');
    expect(await api.json()).toMatchObject({ code: 'unauthorized', status: 401 });
  });

  test.each(PAGE_PATHS)('a link to %s sets a cookie and cleans the address, keeping the rest of it', async (path) => {
    const answer = await get(`${path}?token=${READ_TOKEN}&project=empty`, {});
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(`${path}?project=empty`);
    expect((await get(`${path}?token=${READ_TOKEN}`, {})).headers.get('location')).toBe(path);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Lax/);
    const page = await get(`${path}?project=empty`, { cookie: cookie.split(';')[0] ?? '' });
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).not.toContain(READ_TOKEN);
    expect(text.match(/aria-current="page"/g)).toHaveLength(1);
    expect(text).toContain('<a class="skip" href="#content">');
  });

  test('a wrong link opens nothing and sets no cookie', async () => {
    for (const path of [...PAGE_PATHS, '/reports/demo/weekly/2026-11-16T06:00:00Z.html']) {
      const answer = await get(`${path}?token=wrong`, {});
      expect(answer.status, path).toBe(401);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
  });

  test('a token in the address opens no API', async () => {
    for (const path of ['/api/rates', '/api/live'])
      expect((await get(`${path}?project=demo&token=${READ_TOKEN}`, {})).status, path).toBe(401);
  });

  test('an address of the overview with a prompt leads to the page of the prompt', async () => {
    const answer = await get('/?project=demo&prompt=summarise&period=7d');
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      '/prompt?project=demo&prompt=summarise&period=7d',
    ]);
  });

  test('another project is not there, whether it exists or not', async () => {
    for (const project of ['foreign', 'nonexistent']) {
      for (const path of ['rates', 'drops', 'events/recent', 'live']) {
        const answer = await get(`/api/${path}?project=${project}`);
        expect([answer.status, await answer.json()], path).toMatchObject([404, { code: 'unknown_project' }]);
      }
      for (const path of PAGE_PATHS) expect((await get(`${path}?project=${project}`)).status, path).toBe(404);
    }
    for (const path of PAGE_PATHS) expect(await (await get(path)).text()).not.toContain('foreign');
  });

  test('a question without a project names what is missing when the token opens several', async () => {
    const answer = await get('/api/rates');
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { code: 'invalid_query', errors: [{ parameter: 'project' }] },
    ]);
  });

  test('bad parameters are named, all of them', async () => {
    const answer = await get('/api/rates?project=demo&from=x&to=y');
    expect(await answer.json()).toMatchObject({
      code: 'invalid_query',
      errors: [{ parameter: 'from' }, { parameter: 'to' }],
    });
    expect(await (await get('/api/rates?project=demo&format=xml')).json()).toMatchObject({
      errors: [{ parameter: 'format' }],
    });
    for (const path of PAGE_PATHS) expect((await get(`${path}?project=demo&from=x`)).status, path).toBe(400);
    expect(await (await get('/api/live?page=/nothing&project=demo')).json()).toMatchObject({
      errors: [{ parameter: 'page' }],
    });
  });

  test('a foreign host name is not answered on the loopback', async () => {
    const status = await new Promise<number | undefined>((resolve) => {
      http.get(`${reporter.url}/metrics`, { headers: { host: 'rebound.example' } }, (answer) =>
        resolve(answer.resume().statusCode),
      );
    });
    expect(status).toBe(421);
  });

  test('metrics are open on the loopback, other methods and addresses are not there', async () => {
    const metrics = await (await get('/metrics', {})).text();
    expect(metrics).toMatch(/tacit_reporter_day_runs_total\{result="done"\} \d+/);
    expect((await fetch(`${reporter.url}/`, { method: 'POST' })).status).toBe(405);
    const nothing = await get('/nothing');
    expect(nothing.status).toBe(404);
    expect(nothing.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    for (const source of ['frame.ts', '../app.ts', 'routes.js'])
      expect((await get(`/assets/${source}`)).status, source).toBe(404);
  });

  test('a browser that opens an address of nothing gets a page in words, with or without a token', async () => {
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
    for (const address of ['/nothing', '/assets/none.css', '/figures/none', '/%zz']) {
      const answer = await get(address, { accept });
      expect(answer.headers.get('content-type'), address).toMatch(/^text\/html/);
      expect(answer.status, address).toBe(404);
      const text = await answer.text();
      expect(text, address).toContain('<h1>There is nothing here</h1>');
      expect(text, address).toContain('<a href="/">To the overview</a>');
    }
  });

  test.each(PAGE_PATHS)('%s runs no script but its own and names no other host', async (path) => {
    const page = await get(`${path}?project=demo`);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('cache-control')).toBe('no-store');
    const text = await page.text();
    expect(text).not.toMatch(/<script(?! src="\/assets\/live\.js")/);
    expect(text).not.toMatch(/ (style|on[a-z]+)="/);
    expect(text).not.toMatch(/(src|href|action)="(https?:)?\/\//);
  });
});

test('with the roll-up off the figures stand still, and the page says so with their age', async () => {
  const off = await startReporter({
    connection: server.connections.reporter,
    projects,
    env: { TACIT_ROLLUP_CRON: 'off' },
  });
  await reporter.stop();
  const count = async () =>
    Number((await server.reporter.query<{ n: string }>(`SELECT sum(shown) AS n FROM rates`))[0]?.n);
  const before = await count();
  await send([shown('g6')]);
  await sleep(3000);
  expect(await count()).toBe(before);
  const page = await (
    await fetch(`${off.url}/?project=demo`, { headers: { authorization: `Bearer ${READ_TOKEN}` } })
  ).text();
  expect(page).toContain('The roll-up is off: figures stand still.');
  expect(page).toMatch(/data-at="\d+"[^>]*>\s*\d+ s ago/);
  expect(await off.stop()).toBe(0);
  reporter = await startReporter({ connection: server.connections.reporter, projects });
  await rolledUp(count, (n) => n === before + 1);
});

test('without ClickHouse the process is alive, not ready, and its page says that nothing is lost', async () => {
  await server.kill();
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(503);
  const page = await get('/?project=demo');
  expect([page.status, await page.text()]).toMatchObject([503, expect.stringContaining('Nothing is lost') as string]);
  expect((await get('/api/rates?project=demo')).status).toBe(503);
  await server.restart();
  await eventually(
    async () => (await get('/readyz')).status,
    (status) => status === 200,
    20_000,
  );
  await eventually(
    async () => (await get('/?project=demo')).status,
    (status) => status === 200,
  );
});
