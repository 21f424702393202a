// Parts of reports for tests: a project, a definition, what surrounds a report, rows of `rate_levels`. In: what differs. Out: whole parts.
import type { VisibleProject } from '../../services/reporter/access.js';
import { reportDefinitionSchema, type ReportDefinition } from '../../services/reporter/reports/definition.js';
import type { Frame } from '../../services/reporter/reports/sections/assemble.js';
import type { LevelRow } from '../../services/reporter/reports/sections/read-levels.js';
import { windowOf } from '../../services/reporter/reports/sections/window.js';
import { projectSchema, type Project } from '../../shared/contract/projects.js';

export function projectOf(over: Partial<Pick<Project, 'id' | 'name' | 'settings' | 'surfaces'>> = {}): VisibleProject {
  return projectSchema.parse({ id: 'acme', hashKey: { value: 'a-secret-of-tests-only' }, ...over });
}

export function definitionOf(over: Partial<ReportDefinition> = {}): ReportDefinition {
  return reportDefinitionSchema.parse({
    id: 'weekly',
    title: 'Weekly quality report',
    cron: '0 6 * * 1',
    windowDays: 28,
    ...over,
  });
}

/** 100 generations of 40 persons: 40 taken, 10 rejected, 50 ignored; 20 more are still open. */
export function levelRow(over: Partial<LevelRow> = {}): LevelRow {
  return {
    promptId: '',
    promptVersion: '',
    model: '',
    modelVersion: '',
    metricVersion: 'm-1',
    persons: 40,
    sessionPersons: 0,
    mature: 100,
    matureAccepted: 30,
    matureEdited: 10,
    matureRejected: 10,
    similaritySum: 38,
    rate: 0.4,
    variance: 0.0025,
    low: 0.31,
    high: 0.5,
    rejectionEffectiveN: 80,
    designEffect: 1.04,
    personRate: 0.41,
    shown: 120,
    ignored: 50,
    unresolved: 20,
    notShown: 3,
    orphan: 1,
    clockSuspect: 0,
    forced: 0,
    late: 0,
    asOf: Date.parse('2026-11-16T05:59:00Z'),
    ...over,
  };
}

/** A cell in which nothing has happened. */
export function emptyRow(over: Partial<LevelRow> = {}): LevelRow {
  const nothing = { persons: 0, mature: 0, matureAccepted: 0, matureEdited: 0, matureRejected: 0, similaritySum: 0 };
  const unknown = { rate: null, variance: null, low: null, high: null, rejectionEffectiveN: null, designEffect: null };
  return levelRow({
    ...nothing,
    ...unknown,
    personRate: null,
    shown: 0,
    ignored: 0,
    unresolved: 0,
    notShown: 0,
    orphan: 0,
    ...over,
  });
}

/** The weekly report of acme of 16 November 2026, made a minute after its slot. */
export function frameOf({ slot = Date.parse('2026-11-16T06:00:00Z'), ...over }: Partial<Frame> = {}): Frame {
  const definition = over.definition ?? definitionOf();
  return {
    project: projectOf(),
    definition,
    window: windowOf(slot, definition.windowDays),
    slot,
    edition: 1,
    now: slot + 60_000,
    previous: undefined,
    publicUrl: 'https://tacit.example',
    ...over,
  };
}
