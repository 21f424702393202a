// Where alerts go and how the newest attempt at each target ended. In: a project. Out: a figure; the targets by their names, never
// their addresses.
import { TARGET_STATES_SQL } from '../alerts/ledger.js';
import type { Columns, FigureDefinition } from './figure.js';

const TARGETS = {
  project: 'text',
  target: 'text',
  status: 'text',
  detail: 'text',
  at: 'count',
  sent: 'count',
  open: 'count',
} as const satisfies Columns;

export const alertTargets: FigureDefinition<typeof TARGETS> = {
  id: 'alert-targets',
  title: 'Where alerts stand, by target',
  columns: TARGETS,
  statement: ({ project }) => ({ sql: TARGET_STATES_SQL, params: { projects: [project] } }),
};
