// The arms of randomised experiments against their control. Pure. In: cells, the experiments that the project describes.
import type { ComparisonSettings } from '../../../shared/contract/projects.js';
import { isRandomised, type Cell } from './cell.js';
import { compareNames, groupBy, pairOf, type Pair } from './pair.js';

/** Names by which an arm says that it is the control, the first that is there. */
const CONTROL_NAMES = ['control', 'a', 'baseline'];

/** Of the cells of one project: every other arm against the control, across prompts and surfaces. Arms of many experiments bear the same name. */
export function experimentPairs(cells: readonly Cell[], experiments: ComparisonSettings['experiments']): Pair[] {
  const randomised = cells.filter(
    ({ experiment, arm, assignment, mature }) => experiment && arm && isRandomised(assignment) && mature > 0,
  );
  const groups = groupBy(randomised, (cell) => JSON.stringify([cell.experiment, cell.metric_version]));
  return [...groups.values()].flatMap((group) => {
    const [cell] = group;
    if (cell === undefined) return [];
    const { project_id, experiment, metric_version } = cell;
    const arms = [...new Set(group.map(({ arm }) => arm))].sort(compareNames);
    const control = controlOf(arms, experiments[experiment]?.control);
    if (control === undefined) return [];
    return arms
      .filter((arm) => arm !== control)
      .map((arm) =>
        pairOf({
          kind: 'experiment',
          projectId: project_id,
          promptId: '',
          surface: '',
          nameA: `arm ${control}`,
          nameB: `arm ${arm} of experiment ${experiment}`,
          a: { experiment, arm: control },
          b: { experiment, arm },
          metricVersion: metric_version,
          strata: ['prompt_id', 'surface'],
        }),
      );
  });
}

/** Arms in the order of their names. A configured control that is not there yet leaves nothing to compare with. */
export function controlOf(arms: readonly string[], configured: string | undefined): string | undefined {
  if (configured !== undefined) return arms.includes(configured) ? configured : undefined;
  for (const name of CONTROL_NAMES) {
    const found = arms.find((arm) => arm.toLowerCase() === name);
    if (found !== undefined) return found;
  }
  return arms[0];
}
