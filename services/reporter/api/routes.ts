// The API: figures as JSON or CSV, drops, newest events. In: a read token and a query. Out: JSON in camelCase, CSV with the
// column names of the tables, or problem details that name each parameter.
import { Router, type Request, type Response } from 'express';
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { tokenOf, visibleProjects, type VisibleProject } from '../access.js';
import type { AppDependencies } from '../app-dependencies.js';
import { readCells } from '../figures/cells.js';
import { readFilter, type Filter } from '../figures/filter.js';
import { DROPS_HOURS, RECENT_HOURS, readDrops, readRecentEvents } from '../figures/quality.js';
import { sendProblem } from '../problems.js';
import { ratesCsv } from './rates-csv.js';

/** Routes below `/api`. */
export function apiRoutes({ clickhouse, projects, clock }: AppDependencies): Router {
  const router = Router();
  const handle =
    (answer: (asked: Asked) => Promise<void>) =>
    async (request: Request, response: Response): Promise<void> => {
      const visible = visibleProjects(projects(), tokenOf(request));
      if (visible.length === 0) return sendProblem(response, 'unauthorized');
      const asked = readFilter(request.query, clock.now());
      if ('problems' in asked) return sendProblem(response, 'invalid_query', asked.problems);
      const id = asked.filter.project ?? (visible.length === 1 ? visible[0]?.id : undefined);
      if (id === undefined)
        return sendProblem(response, 'invalid_query', [
          { parameter: 'project', message: `is needed: this token opens ${visible.length} projects` },
        ]);
      const project = visible.find((each) => each.id === id);
      if (project === undefined) return sendProblem(response, 'unknown_project');
      await answer({ request, response, clickhouse, project, filter: { ...asked.filter, project: id } });
    };
  router.get('/rates', handle(answerRates));
  router.get('/drops', handle(answerDrops));
  router.get('/events/recent', handle(answerRecent));
  return router;
}

interface Asked {
  readonly request: Request;
  readonly response: Response;
  readonly clickhouse: ClickHouse;
  readonly project: VisibleProject;
  readonly filter: Filter;
}

/** `from` is included, `to` is not; both are UTC days. Times are ISO 8601. */
async function answerRates({ request, response, clickhouse, project, filter }: Asked): Promise<void> {
  const { format } = request.query;
  if (format !== undefined && format !== 'csv' && format !== 'json')
    return sendProblem(response, 'invalid_query', [{ parameter: 'format', message: 'must be json or csv' }]);
  const { cells, total, asOf } = await readCells(clickhouse, filter);
  response.vary('Accept');
  if (format === 'csv' || (format === undefined && request.accepts(['json', 'csv']) === 'csv')) {
    response.type('text/csv; charset=utf-8; header=present');
    response.attachment(`tacit-rates-${filter.project}-${filter.from}.csv`);
    response.send(ratesCsv(cells));
    return;
  }
  const { windowS, latenessS } = project.settings;
  response.json({
    project: filter.project,
    prompt: filter.prompt ?? null,
    model: filter.model ?? null,
    from: filter.from,
    to: filter.to,
    asOf: asOf === 0 ? null : new Date(asOf).toISOString(),
    windowS,
    latenessS,
    total,
    rates: cells.map((cell) => ({ ...cell, asOf: new Date(cell.asOf).toISOString() })),
  });
}

async function answerDrops({ response, clickhouse, filter }: Asked): Promise<void> {
  const drops = await readDrops(clickhouse, filter.project);
  response.json({ project: filter.project, hours: DROPS_HOURS, drops });
}

async function answerRecent({ response, clickhouse, filter }: Asked): Promise<void> {
  const events = await readRecentEvents(clickhouse, filter.project);
  response.json({
    project: filter.project,
    hours: RECENT_HOURS,
    events: events.map((event) => ({ ...event, receivedAt: new Date(event.receivedAt).toISOString() })),
  });
}
