// Who asks for what, and whether they may. In: a request with a read token and a filter. Out: the project and the filter, or why not.
import type { Request } from 'express';
import { tokenOf, visibleProjects, type VisibleProject } from '../access.js';
import type { AppDependencies } from '../app-dependencies.js';
import { readFilter, type Filter, type QueryProblem } from '../figures/filter.js';
import type { ReporterProblem } from '../problems.js';

export interface Refused {
  readonly code: Extract<ReporterProblem, 'unauthorized' | 'invalid_query' | 'unknown_project'>;
  readonly problems?: readonly QueryProblem[];
}

export interface Admitted {
  readonly visible: readonly VisibleProject[];
  readonly project: VisibleProject;
  readonly filter: Filter;
}

/** Without a project it is the first that the token opens. */
export function admit(
  request: Request,
  { projects, clock }: Pick<AppDependencies, 'projects' | 'clock'>,
): Admitted | Refused {
  const visible = visibleProjects(projects(), tokenOf(request));
  if (visible.length === 0) return { code: 'unauthorized' };
  const read = readFilter(request.query, clock.now());
  if ('problems' in read) return { code: 'invalid_query', problems: read.problems };
  const { project: id } = read.filter;
  const project = id === undefined ? visible[0] : visible.find((each) => each.id === id);
  if (project === undefined) return { code: 'unknown_project' };
  return { visible, project, filter: { ...read.filter, project: project.id } };
}
