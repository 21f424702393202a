// The API: figures as JSON or CSV, drops, newest events. In: a read token and a query. Out: JSON in camelCase, CSV with the
// column names of the tables, or problem details that name each parameter.
import { Router, type Request, type Response } from 'express';
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { tokenOf, visibleProjects, type VisibleProject } from '../access.js';
import type { AppDependencies } from '../app-dependencies.js';
import { readCells } from '../figures/cells.js';
import { readComparisons } from '../figures/comparisons.js';
import { readFilter, type Filter } from '../figures/filter.js';
import { DROPS_HOURS, RECENT_HOURS, readDrops, readRecentEvents } from '../figures/quality.js';
import { sendProblem } from '../problems.js';
import { comparisonJson, comparisonsCsv } from './comparisons.js';
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
  router.get('/comparisons', handle(answerComparisons));
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

/** JSON or CSV, by `format` or else by `Accept`; undefined, with the answer given, when the format is neither. */
function formatOf({ request, response }: Asked): 'json' | 'csv' | undefined {
  const { format } = request.query;
  if (format !== undefined && format !== 'csv' && format !== 'json') {
    sendProblem(response, 'invalid_query', [{ parameter: 'format', message: 'must be json or csv' }]);
    return undefined;
  }
  response.vary('Accept');
  return format ?? (request.accepts(['json', 'csv']) === 'csv' ? 'csv' : 'json');
}

function sendCsv(response: Response, name: string, text: string): void {
  response.type('text/csv; charset=utf-8; header=present');
  response.attachment(`tacit-${name}.csv`);
  response.send(text);
}

/** What is known now: the period of the question has no say. */
async function answerComparisons(asked: Asked): Promise<void> {
  const { response, clickhouse, filter } = asked;
  const format = formatOf(asked);
  if (format === undefined) return;
  const { comparisons, total } = await readComparisons(clickhouse, { project: filter.project, prompt: filter.prompt });
  if (format === 'csv') return sendCsv(response, `comparisons-${filter.project}`, comparisonsCsv(comparisons));
  response.json({
    project: filter.project,
    prompt: filter.prompt ?? null,
    total,
    comparisons: comparisons.map(comparisonJson),
  });
}

/** `from` is included, `to` is not; both are UTC days. Times are ISO 8601. */
async function answerRates(asked: Asked): Promise<void> {
  const { response, clickhouse, project, filter } = asked;
  const format = formatOf(asked);
  if (format === undefined) return;
  const { cells, total, asOf } = await readCells(clickhouse, filter);
  if (format === 'csv') return sendCsv(response, `rates-${filter.project}-${filter.from}`, ratesCsv(cells));
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
