// Every model version against the incumbent of its surface. Pure. In: cells of one project, how much each model was used before
// another came, what the registry holds. Out: one pair per challenger.
import type { ComparisonSettings } from '../../../shared/contract/projects.js';
import type { Cell } from './cell.js';
import { compareNames, groupBy, pairOf, type Pair } from './pair.js';

/** Days before a challenger's first day in which the most used model is the incumbent. */
export const INCUMBENT_DAYS = 28;

export interface Model {
  readonly model: string;
  readonly modelVersion: string;
}

/** Mature generations of a candidate in the days before, and on, a challenger's first day. */
export interface Usage {
  readonly candidate: Model;
  readonly before: number;
  readonly onFirstDay: number;
}

/** What the choice of an incumbent asks besides the cells. Keys are those of `challengerKey`. */
export interface ModelFacts {
  readonly usage: ReadonlyMap<string, readonly Usage[]>;
  /** Incumbents of pairs that were looked at before: they stay. */
  readonly registered: ReadonlyMap<string, Model>;
  readonly incumbents: ComparisonSettings['incumbents'];
}

export function challengerKey(project: string, surface: string, metricVersion: string, model: Model): string {
  return JSON.stringify([project, surface, metricVersion, model.model, model.modelVersion]);
}

export function modelPairs(cells: readonly Cell[], facts: ModelFacts): Pair[] {
  const known = cells.filter(({ model, mature }) => model !== '' && mature > 0);
  const groups = groupBy(known, (cell) => JSON.stringify([cell.surface, cell.metric_version]));
  return [...groups.values()].flatMap((group) => {
    const models = groupBy(group, ({ model, model_version }) => JSON.stringify([model, model_version]));
    if (models.size < 2) return [];
    return [...models.values()].flatMap(([cell]) => {
      const pair = cell === undefined ? undefined : pairWithIncumbent(cell, facts, models);
      return pair === undefined ? [] : [pair];
    });
  });
}

function pairWithIncumbent(cell: Cell, facts: ModelFacts, models: ReadonlyMap<string, unknown>): Pair | undefined {
  const { project_id, surface, metric_version } = cell;
  const challenger: Model = { model: cell.model, modelVersion: cell.model_version };
  const registered = (model: Model) => facts.registered.get(challengerKey(project_id, surface, metric_version, model));
  const usage = facts.usage.get(challengerKey(project_id, surface, metric_version, challenger)) ?? [];
  const configured = facts.incumbents[surface];
  const incumbent = configured ?? registered(challenger) ?? incumbentOf(challenger, usage);
  if (incumbent === undefined || sameModel(incumbent, challenger)) return undefined;
  // the same two are compared already, the other way round
  const reverse = configured === undefined ? registered(incumbent) : undefined;
  if (reverse !== undefined && sameModel(reverse, challenger)) return undefined;
  if (!models.has(JSON.stringify([incumbent.model, incumbent.modelVersion]))) return undefined;
  return pairOf({
    kind: 'model_version',
    projectId: project_id,
    promptId: '',
    surface,
    nameA: modelName(incumbent),
    nameB: modelName(challenger),
    a: { model: incumbent.model, model_version: incumbent.modelVersion, surface },
    b: { model: challenger.model, model_version: challenger.modelVersion, surface },
    metricVersion: metric_version,
    strata: ['prompt_id', 'prompt_version'],
  });
}

/**
 * The model most used before the challenger came; where none was used before, the most used of those that came on the same day,
 * which may be the challenger itself. Ties go to the earlier name.
 */
export function incumbentOf(challenger: Model, usage: readonly Usage[]): Model | undefined {
  const most = (amount: (usage: Usage) => number) =>
    usage
      .filter((of) => amount(of) > 0)
      .sort((x, y) => amount(y) - amount(x) || compareNames(modelName(x.candidate), modelName(y.candidate)))[0]
      ?.candidate;
  const others = usage.some(({ candidate, before }) => before > 0 && !sameModel(candidate, challenger));
  return others ? most(({ before }) => before) : most(({ onFirstDay }) => onFirstDay);
}

function sameModel(x: Model, y: Model): boolean {
  return x.model === y.model && x.modelVersion === y.modelVersion;
}

function modelName({ model, modelVersion }: Model): string {
  return modelVersion === '' ? `model ${model}` : `model ${model} ${modelVersion}`;
}
