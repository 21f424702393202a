// Reads all that the page of a prompt shows. In: a request, a prompt. Out: figures, comparisons, states of the watch.
import { readDriftStates } from '../drift/drift-state.js';
import { readComparisons } from '../figures/comparisons.js';
import { readFigure } from '../figures/figure.js';
import type { Filter } from '../figures/filter.js';
import { promptRates, versionRates } from '../figures/rates.js';
import { promptSignals } from '../figures/signals.js';
import { promptDeployments, promptTrend } from '../figures/trends.js';
import { DRIFT_KEPT_MS } from './kept.js';
import type { PageRequest } from './page-module.js';

export async function readPrompt(
  { clickhouse, kept }: PageRequest,
  asked: Filter & { prompt: string },
  model?: string,
) {
  const { project, prompt } = asked;
  const narrow = model === undefined ? asked : { ...asked, model };
  const [figures, comparisons, drift] = await Promise.all([
    kept.untilRollup(project, `prompt ${JSON.stringify(narrow)}`, async () => {
      const [totals, versions, trend, deployments, signals] = await Promise.all([
        readFigure(clickhouse, promptRates, asked),
        readFigure(clickhouse, versionRates, narrow),
        readFigure(clickhouse, promptTrend, asked),
        readFigure(clickhouse, promptDeployments, asked),
        readFigure(clickhouse, promptSignals, asked),
      ]);
      return { totals, versions, trend, deployments, signals };
    }),
    kept.untilLook(
      project,
      `prompt findings ${JSON.stringify([project, prompt])}`,
      async () => await readComparisons(clickhouse, { project, prompt }),
    ),
    kept.during(
      DRIFT_KEPT_MS,
      `prompt drift ${JSON.stringify([project, prompt])}`,
      async () => await readDriftStates(clickhouse, project, prompt),
    ),
  ]);
  return { ...figures, comparisons, drift, asked, narrow };
}

export type PromptReadings = Awaited<ReturnType<typeof readPrompt>>;
