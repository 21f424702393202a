// Every prompt's newest version against its predecessor, per surface. Pure. In: cells. Out: at most one pair per prompt and surface.
import type { Cell } from './cell.js';
import { compareNames, groupBy, pairOf, type Pair } from './pair.js';

/** The newest is the one first seen last; of two first seen on the same day, the one with the later name (10 after 9). */
export function promptVersionPairs(cells: readonly Cell[]): Pair[] {
  const known = cells.filter(({ prompt_id, prompt_version, mature }) => prompt_id && prompt_version && mature > 0);
  const prompts = groupBy(known, (cell) =>
    JSON.stringify([cell.project_id, cell.prompt_id, cell.surface, cell.metric_version]),
  );
  return [...prompts.values()].flatMap((prompt) => {
    const [older, newest] = versionsByAge(prompt).slice(-2);
    const [cell] = prompt;
    if (older === undefined || newest === undefined || cell === undefined) return [];
    const { project_id, prompt_id, surface, metric_version } = cell;
    return [
      pairOf({
        kind: 'prompt_version',
        projectId: project_id,
        promptId: prompt_id,
        surface,
        nameA: `version ${older}`,
        nameB: `version ${newest}`,
        a: { prompt_id, prompt_version: older, surface },
        b: { prompt_id, prompt_version: newest, surface },
        metricVersion: metric_version,
        strata: ['model', 'model_version'],
      }),
    ];
  });
}

function versionsByAge(cells: readonly Cell[]): string[] {
  const first = new Map<string, string>();
  for (const { prompt_version, first_day } of cells) {
    const known = first.get(prompt_version);
    if (known === undefined || first_day < known) first.set(prompt_version, first_day);
  }
  return [...first]
    .sort(([x, dayX], [y, dayY]) => (dayX === dayY ? compareNames(x, y) : dayX < dayY ? -1 : 1))
    .map(([version]) => version);
}
