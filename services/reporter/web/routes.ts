// Routes of the live page: the document, and its pieces for the script that refreshes it.
import { Router } from 'express';
import { ClickHouseError } from '../../../shared/runtime/clickhouse.js';
import { tokenOf, visibleProjects, type VisibleProject } from '../access.js';
import type { AppDependencies } from '../app-dependencies.js';
import { readFilter, type Filter } from '../figures/filter.js';
import { sendProblem } from '../problems.js';
import { renderMessage, renderPage, type PageView } from './page.js';
import type { Reader } from './reader.js';
import { drawPieces } from './view.js';
import { countingRule } from './words.js';

const NO_ACCESS = 'Open the link with your read token once: it ends in ?token=…, and npm start prints it.';

export function pageRoutes(dependencies: AppDependencies, read: Reader): Router {
  const { projects, clock, status, scheduled, log } = dependencies;
  const router = Router();
  const draw = async (filter: Filter, project: VisibleProject) => {
    const readings = await read(filter);
    const now = clock.now();
    return { readings, now, pieces: drawPieces(readings, filter, project, { status, scheduled, now }) };
  };

  router.get('/', async (request, response) => {
    const message = (code: number, title: string, text: string) =>
      void response.status(code).type('html').send(renderMessage(title, text));
    const visible = visibleProjects(projects(), tokenOf(request));
    if (visible.length === 0) return message(401, 'A read token is needed', NO_ACCESS);
    const asked = readFilter(request.query, clock.now());
    if ('problems' in asked) {
      const words = asked.problems.map((problem) => `${problem.parameter} ${problem.message}`).join('; ');
      return message(400, 'This address cannot be read', words);
    }
    const project = pick(visible, asked.filter.project);
    if (project === undefined)
      return message(404, 'No such project', 'Your token does not open a project of this name.');
    const filter = { ...asked.filter, project: project.id };
    try {
      const { readings, now, pieces } = await draw(filter, project);
      response
        .type('html')
        .send(renderPage({ ...pageView(visible, filter, project), choices: readings.choices, now, pieces }));
    } catch (error) {
      if (!(error instanceof ClickHouseError)) throw error;
      log.warn({ err: error }, 'figures could not be read');
      response.set('Retry-After', '5');
      message(
        503,
        'The figures cannot be read now',
        'Nothing is lost: events are kept. Load the page again in a moment.',
      );
    }
  });

  router.get('/api/live', async (request, response) => {
    const visible = visibleProjects(projects(), tokenOf(request));
    if (visible.length === 0) return sendProblem(response, 'unauthorized');
    const asked = readFilter(request.query, clock.now());
    if ('problems' in asked) return sendProblem(response, 'invalid_query', asked.problems);
    const project = pick(visible, asked.filter.project);
    if (project === undefined) return sendProblem(response, 'unknown_project');
    const { now, pieces } = await draw({ ...asked.filter, project: project.id }, project);
    const markup = Object.fromEntries(Object.entries(pieces).map(([id, piece]) => [id, String(piece)]));
    response.json({ now, pieces: markup });
  });
  return router;
}

/** The project asked for; without one the first that the token opens. */
function pick<P extends VisibleProject>(visible: readonly P[], id: string | undefined): P | undefined {
  return id === undefined ? visible[0] : visible.find((project) => project.id === id);
}

function pageView(
  visible: readonly VisibleProject[],
  filter: Filter,
  project: VisibleProject,
): Pick<PageView, 'projects' | 'filter' | 'rule'> {
  return {
    projects: visible.map(({ id, name }) => ({ id, name: name ?? id })),
    filter,
    rule: countingRule(project.settings, project.surfaces),
  };
}
