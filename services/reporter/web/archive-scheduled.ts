// Which reports a project gets, and when the next of each is due. In: definitions, a project, an instant. Out: names and instants.
import type { ReportDefinition } from '../reports/definition.js';
import { nextSlot } from '../reports/slots.js';

export interface ScheduledReport {
  readonly id: string;
  readonly title: string;
  /** IANA name. */
  readonly timeZone: string;
  /** ms; undefined when it is never due. */
  readonly nextSlot: number | undefined;
}

/** In the order of the file. */
export function scheduledReports(
  definitions: readonly ReportDefinition[],
  project: string,
  now: number,
): ScheduledReport[] {
  return definitions
    .filter(({ projects }) => projects === undefined || projects.includes(project))
    .map((definition) => ({
      id: definition.id,
      title: definition.title ?? definition.id,
      timeZone: definition.timeZone,
      nextSlot: nextSlot(definition, now),
    }));
}
