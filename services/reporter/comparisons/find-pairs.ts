// Which pairs are looked at today: those of prompts, models, experiments and of the projects file, that people still see. Pure.
import type { Cell } from './cell.js';
import type { ComparedProject } from './compared-project.js';
import { configuredPairs } from './configured-pairs.js';
import { experimentPairs } from './experiment-pairs.js';
import { challengerKey, modelPairs, type Model, type Usage } from './model-pairs.js';
import { groupBy, type Pair } from './pair.js';
import { promptVersionPairs } from './prompt-version-pairs.js';
import type { Registered } from './registry.js';

/** A side that was not seen for so many days before the newest final day of its project ends the looks at its pair. */
export const LIVE_DAYS = 14;
const DAY_MS = 86_400_000;

export function findPairs(
  cells: readonly Cell[],
  projects: readonly ComparedProject[],
  usage: ReadonlyMap<string, readonly Usage[]>,
  registry: Iterable<Registered>,
): Pair[] {
  const registered = registeredIncumbents(registry);
  const ofProject = groupBy(cells, ({ project_id }) => project_id);
  return projects.flatMap(({ id, comparisons }) => {
    const own = ofProject.get(id) ?? [];
    const pairs = [
      ...promptVersionPairs(own),
      ...modelPairs(own, { usage, registered, incumbents: comparisons.incumbents }),
      ...experimentPairs(own, comparisons.experiments),
      ...configuredPairs(own, comparisons.pairs, id),
    ];
    return [...new Map(pairs.map((pair) => [pair.id, pair])).values()];
  });
}

/** Whether a pair is still looked at: its sides' newest days are near the project's. Before and after: only B's. */
export function isLive(pair: Pair, newestOfProject: string, lastA: string, lastB: string): boolean {
  const oldest = new Date(Date.parse(newestOfProject) - LIVE_DAYS * DAY_MS).toISOString().slice(0, 10);
  return lastB > oldest && (pair.kind === 'prompt_version' || lastA > oldest);
}

/** Of a challenger that was compared with several, the incumbent of the first. */
function registeredIncumbents(registry: Iterable<Registered>): Map<string, Model> {
  const first = new Map<string, { at: number; model: Model }>();
  for (const { kind, project_id, surface, metric_version, a, b, created_at } of registry) {
    if (kind !== 'model_version') continue;
    const key = challengerKey(project_id, surface, metric_version, modelOf(b));
    const known = first.get(key);
    if (known === undefined || created_at < known.at) first.set(key, { at: created_at, model: modelOf(a) });
  }
  return new Map([...first].map(([key, { model }]) => [key, model]));
}

function modelOf(side: Readonly<Record<string, string>>): Model {
  return { model: side['model'] ?? '', modelVersion: side['model_version'] ?? '' };
}
