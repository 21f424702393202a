// Makes a report: reads what it needs, puts it together. In: what is reported on, and the report before it. Out: a report.
// Never reads events or generations; the same tables and the same `now` give the same report.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { VisibleProject } from '../access.js';
import type { ReportDefinition } from './definition.js';
import type { Report } from './report.js';
import { assemble } from './sections/assemble.js';
import { readAll } from './sections/readings.js';
import { windowOf } from './sections/window.js';

export interface ReportSurroundings {
  readonly clickhouse: ClickHouse;
  readonly project: VisibleProject;
  readonly definition: ReportDefinition;
  /** Scheduled instant, ms. */
  readonly slot: number;
  /** 1, and more for one that is computed again. */
  readonly edition: number;
  readonly now: number;
  /** The report of the slot before, to say what changed. */
  readonly previous: Report | undefined;
  /** Where people open the page; undefined leaves out links. */
  readonly publicUrl: string | undefined;
}

export async function buildReport({ clickhouse, ...frame }: ReportSurroundings): Promise<Report> {
  const { project, definition, slot } = frame;
  const window = windowOf(slot, definition.windowDays);
  const scope = { project: project.id, window, prompts: definition.prompts ?? [] };
  const readings = await readAll(clickhouse, scope, definition.sections);
  return assemble({ ...frame, window }, readings);
}
