// All figures, by id: what can be downloaded, and what is held to run for an analyst as it is shown. A page that draws a new figure adds
// it here.
import { alertTargets } from './alert-targets.js';
import { comparisonHistory, projectComparisons } from './comparison-figures.js';
import type { FigureDefinition } from './figure.js';
import { lastEvents, projectDrops } from './quality.js';
import { qualityCounts, qualityDays } from './quality-counts.js';
import { projectTotals, promptRates, versionRates } from './rates.js';
import { rejectedPrompts } from './rejected-prompts.js';
import { promptSignals } from './signals.js';
import { projectTrend, promptDeployments, promptTrend } from './trends.js';

export const FIGURES: readonly FigureDefinition[] = [
  projectTotals,
  promptRates,
  versionRates,
  projectTrend,
  rejectedPrompts,
  promptTrend,
  promptDeployments,
  promptSignals,
  projectComparisons,
  comparisonHistory,
  qualityCounts,
  qualityDays,
  projectDrops,
  lastEvents,
  alertTargets,
];

export function figureOf(id: string): FigureDefinition | undefined {
  return FIGURES.find((each) => each.id === id);
}
