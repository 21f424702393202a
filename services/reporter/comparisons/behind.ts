// Is the roll-up behind on days that a look would read? Pure. In: facts about days, projects, the instant of the look (ms).
import type { ComparedProject } from './compared-project.js';
import { dueDays, type DueInput } from '../rollup/due.js';

const DAY_MS = 86_400_000;

/**
 * Whether a day that may be final for somebody waits for the roll-up. Days that rest after a long run wait too; a second look
 * at events that came within the margin of the last run does not count: it mostly finds nothing.
 */
export function isBehind(
  facts: Omit<DueInput, 'failed'>,
  projects: readonly Pick<ComparedProject, 'settings' | 'surfaces'>[],
  now: number,
): boolean {
  const rested = facts.days.map((day) =>
    day.lastRun === undefined ? day : { ...day, lastRun: { ...day.lastRun, durationMs: 0 } },
  );
  const due = dueDays({ ...facts, now, days: rested, failed: new Map() });
  const span = shortestSpanMs(projects);
  return due.some(({ day, reason }) => reason !== 'again' && Date.parse(day) + DAY_MS + span <= now);
}

/** Smallest W + L of any surface, ms. */
function shortestSpanMs(projects: readonly Pick<ComparedProject, 'settings' | 'surfaces'>[]): number {
  const spans = projects.flatMap(({ settings, surfaces }) =>
    [settings, ...Object.values(surfaces)].map(({ windowS, latenessS }) => 1000 * (windowS + latenessS)),
  );
  return spans.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...spans);
}
