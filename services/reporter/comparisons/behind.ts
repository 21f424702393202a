// Is the roll-up behind on days that a look would read? Pure. In: facts about days, projects, the instant of the look (ms).
import type { ComparedProject } from './compared-project.js';
import { dueDays, type DueInput } from '../rollup/due.js';

const DAY_MS = 86_400_000;

/** From this time of the UTC day on a look waits no longer: a day that cannot be rolled up must not hold up all others for ever. */
export const WAIT_MS_MAX = 18 * 60 * 60_000;

/**
 * Whether a day that may be final for somebody waits for the roll-up. One that was never judged when it was final counts also
 * while it rests after a long run; one that was, and got late events, only until it rests. A second look at events that came
 * within the margin of the last run does not count: it mostly finds nothing.
 */
export function isBehind(
  facts: Omit<DueInput, 'failed'>,
  projects: readonly Pick<ComparedProject, 'settings' | 'surfaces'>[],
  now: number,
): boolean {
  if (now % DAY_MS >= WAIT_MS_MAX) return false;
  const rested = facts.days.map((day) =>
    day.lastRun === undefined || day.lastRun.asOf >= day.settledAt
      ? day
      : { ...day, lastRun: { ...day.lastRun, durationMs: 0 } },
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
