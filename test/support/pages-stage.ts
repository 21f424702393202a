// A reporter with something on every page: events of two prompts, drops, dead letters, comparisons, reports; and a project
// without anything. In: nothing. Out: a ClickHouse, a reporter, a Chromium. Must leave no process and no file behind.
import { randomUUID } from 'node:crypto';
import type { EventRow } from '../../shared/contract/rows.js';
import { startChromium, type Chromium } from './chromium.js';
import { startTestClickHouse, type TestClickHouse } from './clickhouse.js';
import { eventually } from './eventually.js';
import { blankEvent, ndjson } from './random-events.js';
import { seededRandom } from './random.js';
import { richReport } from './report-fixture.js';
import { sha256, startReporter, testProject, type TestReporter } from './reporter.js';
import { logE } from './verdict-oracle.js';

const GENERATIONS = 400;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** How long the first roll-up may take on a busy machine, ms. */
const ROLLED_UP_MS = 90_000;

export interface PagesStage {
  readonly server: TestClickHouse;
  readonly reporter: TestReporter;
  readonly chromium: Chromium;
  /** Path of a stored report, without its ending. */
  readonly report: string;
  stop(): Promise<void>;
}

export async function startPagesStage(): Promise<PagesStage> {
  const server = await startTestClickHouse();
  const now = Date.now();
  const slot = Math.floor(now / DAY_MS) * DAY_MS - 18 * 3_600_000;
  await server.writer.insertBlock('events', [ndjson(events(now))]);
  const minute = Math.floor(now / MINUTE_MS) * 60;
  await server.writer.insertBlock('drops', [
    ndjson([
      { project_id: 'demo', reason: 'token_expired', drop_id: randomUUID(), minute, n: 3 },
      { project_id: 'demo', reason: 'opted_out', drop_id: randomUUID(), minute, n: 41 },
    ]),
  ]);
  await server.reporter.insertBlock('tacit.comparisons', [ndjson([comparison('worse'), comparison('open')])]);
  await server.reporter.insertBlock('tacit.comparison_looks', [ndjson(looks(now))]);
  await server.reporter.insertBlock('tacit.report_runs', [ndjson(runs(slot))]);
  const reporter = await startReporter({
    connection: server.connections.reporter,
    projects: [
      testProject('demo', { name: 'Demo product', settings: { windowS: 120, latenessS: 60 } }),
      testProject('empty', { name: 'Nothing yet' }),
      testProject('foreign', { readTokens: [{ sha256: sha256('the token of somebody else') }] }),
    ],
    // whatever time it is, only the reports below are in the archive
    env: { TACIT_REPORT_CRON: 'off' },
  });
  await eventually(
    async () => await server.reporter.query<{ n: string }>(`SELECT sum(mature) AS n FROM rates`),
    ([row]) => Number(row?.n) > 0,
    ROLLED_UP_MS,
  );
  const chromium = await startChromium();
  return {
    server,
    reporter,
    chromium,
    report: `/reports/demo/weekly/${new Date(slot).toISOString().slice(0, 19)}Z`,
    stop: async () => {
      await chromium.close();
      await reporter.stop();
      await server.stop();
    },
  };
}

/** Up to 40 minutes ago: some orphans, some shown by force, some known by their session alone. */
function events(now: number): EventRow[] {
  const random = seededRandom(11);
  return Array.from({ length: GENERATIONS }, (_, n) => {
    const at = now - random.below(40 * MINUTE_MS);
    const dimensions: Partial<EventRow> = {
      prompt_id: random.pick(['summarise', 'reply-draft']),
      prompt_version: random.pick(['7', '8']),
      model: 'aurora',
      model_version: '2026-10',
      surface: 'web',
      user_kind: random.chance(0.8) ? 'user' : 'session',
      user_key: String(1 + random.below(60)),
      trusted: 1,
    };
    const event = (type: EventRow['event_type'], afterMs: number, rest: Partial<EventRow> = {}): EventRow =>
      blankEvent({
        project_id: 'demo',
        generation_id: `g${n}`,
        generated_at: at,
        event_id: randomUUID(),
        event_type: type,
        occurred_at: at + afterMs,
        received_at: at + afterMs + 200,
        ...dimensions,
        ...rest,
      });
    const rows = [event('generated', 0)];
    if (random.chance(0.93)) rows.push(event('shown', 800, { shows: 1 }));
    const chance = random.next();
    if (chance < 0.4) rows.push(event('copy', 9000, { decides: 'accept', decision_value: 1 }));
    else if (chance < 0.6) rows.push(event('edit', 20_000, { decides: 'edit', decision_value: 0.7 }));
    else if (chance < 0.75) rows.push(event('reject', 6000, { decides: 'reject', reason: 'dismissed' }));
    return rows;
  }).flat();
}

function comparison(comparison_id: string): Record<string, unknown> {
  return {
    project_id: 'demo',
    comparison_id,
    kind: 'prompt_version',
    prompt_id: 'summarise',
    surface: 'web',
    a: { prompt_version: '7' },
    b: { prompt_version: '8' },
    name_a: 'version 7',
    name_b: 'version 8',
  };
}

function looks(now: number): Record<string, unknown>[] {
  const course = Array.from({ length: 12 }, (_, day) =>
    look('worse', now - (11 - day) * DAY_MS, { difference: -0.07, standard_error: 0.04 - 0.0025 * day }),
  );
  const open = { difference: 0.01, standard_error: 0.05, gates: ['too_few_persons'], warnings: ['one_person'] };
  return [...course, look('open', now, open)];
}

function look(
  comparison_id: string,
  look_at: number,
  differences: { readonly difference: number; readonly standard_error: number } & Record<string, unknown>,
): Record<string, unknown> {
  const day = (ago: number) => new Date(look_at - ago * DAY_MS).toISOString().slice(0, 10);
  return {
    project_id: 'demo',
    comparison_id,
    look_at,
    family: 'demo/acceptance',
    tier: 'T1',
    ...{ n_a: 4100, n_b: 4012, persons_a: 660, persons_b: 652, persons: 1312, strata: 9 },
    rate_a: 0.382,
    rate_b: 0.382 + differences.difference,
    log_e: logE({ comparison_id, look_at, ...differences }),
    ...{ tau: 0.05, alpha: 0.05, gates: [], from_day: day(24), to_day: day(4), metric_version: 'm-0123456789' },
    figures: { too_few_persons_a: 41, too_few_persons_b: 12, heaviest_share: 0.27, late_share_a: 0, late_share_b: 0 },
    ...differences,
  };
}

/** A report in two editions, delivered to files and refused by a webhook. */
function runs(slot: number): Record<string, unknown>[] {
  const key = { project_id: 'demo', report_id: 'weekly', slot: slot / 1000, attempt: 1, owner: 'test', detail: '' };
  const content = (edition: number) =>
    JSON.stringify({ ...richReport(), slot: new Date(slot).toISOString(), edition, link: null });
  return [
    { ...key, target: '', edition: 1, status: 'rendered', content: content(1) },
    { ...key, target: '', edition: 2, status: 'rendered', content: content(2) },
    { ...key, target: 'file:files', edition: 1, status: 'sent' },
    { ...key, target: 'webhook:board', edition: 1, status: 'failed', detail: 'answered 410' },
  ];
}
