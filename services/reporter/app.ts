// The reporter's HTTP side: the pages, the API, health and metrics. In: requests. Out: pages, JSON, CSV, problem details.
// Must never answer figures of a project that the request's token does not open, and must never change anything.
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { ClickHouseError } from '../../shared/runtime/clickhouse.js';
import type { Logger } from '../../shared/runtime/log.js';
import { answersTo, isLocalRequest, tokenOf, visibleProjects } from './access.js';
import type { AppDependencies } from './app-dependencies.js';
import { alertJsonSchema } from './alerts/alert.js';
import { apiRoutes } from './api/routes.js';
import { sendProblem, type ReporterProblem } from './problems.js';
import { reportJsonSchema } from './reports/report.js';
import { archiveRoutes } from './web/archive-routes.js';
import { sendMessage } from './web/refusal.js';
import { assetRoutes } from './web/assets.js';
import { figureRoutes } from './web/figure-routes.js';
import { pageRoutes } from './web/routes.js';
import { LINKED_PATHS, tokenFromLink } from './web/token-link.js';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function createApp(dependencies: AppDependencies): Express {
  const { host, projects } = dependencies;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use((request, response, next) => {
    response.set({
      'Content-Security-Policy': POLICY,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    });
    if (!answersTo(host, request.headers.host)) sendProblem(response, 'misdirected');
    else if (request.method !== 'GET' && request.method !== 'HEAD') sendProblem(response, 'method_not_allowed');
    else next();
  });
  healthRoutes(app, dependencies);
  app.use('/assets', assetRoutes());
  app.get([...LINKED_PATHS], tokenFromLink(projects));
  app.use(pageRoutes(dependencies));
  app.use(archiveRoutes(dependencies));
  app.use('/figures', figureRoutes(dependencies));
  app.get(
    '/api/alert.schema.json',
    (_request, response) => void response.type('application/schema+json').json(alertJsonSchema()),
  );
  app.get(
    '/api/report.schema.json',
    (_request, response) => void response.type('application/schema+json').json(reportJsonSchema()),
  );
  app.use('/api', apiRoutes(dependencies));
  app.use((request, response) => refuse(request, response, 'not_found'));
  app.use(failure(dependencies.log));
  return app;
}

function healthRoutes(app: Express, { clickhouse, projects, registry, ready }: AppDependencies): void {
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', async (_request, response) => {
    const reachable = ready() && (await clickhouse.ping());
    if (reachable) response.json({ status: 'ready' });
    else response.status(503).json({ status: 'not ready', why: ready() ? 'clickhouse_unreachable' : 'stopping' });
  });
  app.get('/metrics', async (request, response) => {
    if (!isLocalRequest(request) && visibleProjects(projects(), tokenOf(request)).length === 0)
      return sendProblem(response, 'unauthorized');
    response.type(registry.contentType).send(await registry.metrics());
  });
}

type Refusal = Extract<ReporterProblem, 'not_found' | 'unavailable' | 'internal'>;

/** In words to a browser that opens an address, as problem details to everybody else. */
function refuse(request: Request, response: Response, code: Refusal): void {
  if (request.accepts(['json', 'html']) === 'html') sendMessage(response, code);
  else sendProblem(response, code);
}

function failure(log: Logger) {
  return (error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
    if (error instanceof ClickHouseError) {
      log.warn({ err: error }, 'figures could not be read');
      refuse(request, response, 'unavailable');
    } else if (status >= 400 && status < 500) refuse(request, response, 'not_found');
    else {
      log.error({ err: error }, 'a request failed');
      refuse(request, response, 'internal');
    }
  };
}
