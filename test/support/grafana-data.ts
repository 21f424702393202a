// A little of everything that a dashboard shows: events of four days, drops, a comparison that is worse, a prompt that has fallen.
// In: a test server with the analysts of `GRAFANA_PROJECTS`. Out: stored rows, which a roll-up has yet to compute.
import { ndjson } from './random-events.js';
import type { TestClickHouse } from './clickhouse.js';

/** The last has nothing but a quiet day. */
export const GRAFANA_PROJECTS = ['acme', 'bolt', 'calm'];
const LOUD = GRAFANA_PROJECTS.slice(0, 2);

/** Four days of which two are mature; of five generations one each is copied, edited, rejected, accepted and left alone. */
const EVENTS_SQL = `
INSERT INTO events (project_id, generation_id, generated_at, event_id, event_type, shows, decides, decision_value, reason,
    occurred_at, received_at, prompt_id, prompt_version, model, model_version, surface, user_kind, user_key, total_chars)
SELECT {project:String}, concat('g', toString(n)), at, generateUUIDv4(kind.1), kind.1, kind.2, kind.3, kind.4, kind.6,
    at + toIntervalSecond(kind.5), at + INTERVAL 30 SECOND, if(n % 3 = 0, 'translate', 'summarise'), toString(7 + intDiv(n, 3) % 2),
    'model-a', '2026', 'web', 'user', 1 + intDiv(n, 7) % 25, 800
FROM (
    SELECT number AS n, now64(3) - toIntervalMinute(1) - toIntervalHour(intDiv(number * 167, {generations:UInt32})) AS at
    FROM numbers({generations:UInt32}))
ARRAY JOIN arrayConcat([('shown', 1, 'nothing', 0., 2, '')],
    arrayElement([[('copy', 0, 'accept', 0.4, 9, 'keyboard')], [('edit', 0, 'edit', 0.7, 12, 'submit')],
        [('reject', 0, 'reject', 0., 5, if(n % 2 = 0, 'dismissed', 'regenerated'))], [('accept', 0, 'accept', 1., 8, 'insert')], []],
        1 + n % 5)) AS kind`;

export async function fillGrafana({ migrator, writer, reporter }: TestClickHouse): Promise<void> {
  for (const project of LOUD) await migrator.command(EVENTS_SQL, { project, generations: 600 });
  await migrator.command(EVENTS_SQL, { project: 'calm', generations: 5 });
  const today = new Date().toISOString().slice(0, 10);
  const now = Date.now();
  await writer.insertBlock('drops', [
    ndjson(
      LOUD.map((project_id) => ({
        ...{ project_id, reason: 'too_old', drop_id: crypto.randomUUID() },
        ...{ minute: Math.floor(now / 1000) - 60, n: 3 },
      })),
    ),
  ]);
  const comparison = { comparison_id: 'c', kind: 'experiment', prompt_id: 'summarise', surface: 'web' };
  await reporter.insertBlock('comparisons', [
    ndjson(LOUD.map((project_id) => ({ ...comparison, project_id, name_a: 'arm A', name_b: 'arm B' }))),
  ]);
  await reporter.insertBlock('comparison_looks', [
    ndjson(
      LOUD.map((project_id) => ({
        ...{ project_id, comparison_id: 'c', look_at: now, family: project_id, tier: 'T1', metric_version: 'default' },
        ...{ n_a: 900, n_b: 800, persons_a: 90, persons_b: 80, persons: 150, tau: 0.05, alpha: 0.05, gates: [] },
        ...{ difference: -0.08, standard_error: 0.01, log_e: 20, from_day: today, to_day: today },
      })),
    ),
  ]);
  await reporter.insertBlock('drift_looks', [
    ndjson(
      LOUD.map((project_id) => ({
        ...{ project_id, watch_id: 'w', prompt_id: 'summarise', surface: 'web', metric_version: 'default' },
        ...{ day: today, as_of: now, state: 'fallen', since: today, deployment: 'version 8', deployed_on: today },
        ...{ from_day: today, n: 120, persons: 25, rate: 0.3, baseline: 0.4, baseline_days: 28 },
      })),
    ),
  ]);
}
