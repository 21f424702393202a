// Routes of the pages, all behind the same check of access: the documents, and their pieces for the script that refreshes them.
import { Router, type Request, type Response } from 'express';
import { ClickHouseError } from '../../../shared/runtime/clickhouse.js';
import type { AppDependencies } from '../app-dependencies.js';
import { sendProblem } from '../problems.js';
import { admit, type Admitted, type Refused } from './admission.js';
import { archivePage } from './archive-page.js';
import { comparisonPage } from './comparison-page.js';
import { livePieces, renderFrame, renderMessage } from './frame.js';
import { freshnessLine } from './freshness.js';
import { createKept } from './kept.js';
import { overviewPage } from './overview-page.js';
import type { Page, PageRequest } from './page-module.js';
import { sendMessage } from './refusal.js';
import { promptPage } from './prompt-page.js';
import { qualityPage } from './quality-page.js';

/** In the order of the navigation. */
export const PAGES: readonly Page[] = [overviewPage, promptPage, comparisonPage, qualityPage, archivePage];

const NO_ACCESS = 'Open the link with your read token once: it ends in ?token=…, and npm start prints it.';

export function pageRoutes(dependencies: AppDependencies): Router {
  const { clickhouse, clock, status, scheduled, log } = dependencies;
  const kept = createKept(clickhouse, () => clock.monotonic());
  const router = Router();

  const show = async (page: Page, { visible, project, filter }: Admitted, { query }: Request) => {
    const asked: PageRequest = {
      ...{ clickhouse, kept, project, filter, query, status, scheduled },
      reports: dependencies.reports(),
      now: clock.now(),
    };
    const drawn = await page.show(asked);
    const now = clock.now();
    return {
      ...{ path: page.path, pages: PAGES, fields: page.fields, styles: page.styles, filter, drawn, now },
      projects: visible.map(({ id, name }) => ({ id, name: name ?? id })),
      freshness: freshnessLine(drawn.asOf, status, scheduled, now),
    };
  };

  // addresses from before a prompt had a page of its own
  router.get('/', (request, response, next) => {
    const { prompt } = request.query;
    if (typeof prompt !== 'string' || prompt === '') return next();
    response.redirect(303, `/prompt${request.url.slice(request.url.indexOf('?'))}`);
  });
  for (const page of PAGES)
    router.get(page.path, async (request, response) => {
      const admitted = admit(request, dependencies);
      if ('code' in admitted) return sendRefusal(response, admitted);
      try {
        const view = await show(page, admitted, request);
        response
          .status(view.drawn.status ?? 200)
          .type('html')
          .send(renderFrame(view));
      } catch (error) {
        if (!(error instanceof ClickHouseError)) throw error;
        log.warn({ err: error }, 'figures could not be read');
        sendMessage(response, 'unavailable');
      }
    });

  router.get('/api/live', async (request, response) => {
    const admitted = admit(request, dependencies);
    if ('code' in admitted) return sendProblem(response, admitted.code, admitted.problems);
    const { page: path = '/' } = request.query;
    const page = PAGES.find((each) => each.path === path);
    if (page === undefined)
      return sendProblem(response, 'invalid_query', [{ parameter: 'page', message: 'must be the path of a page' }]);
    const view = await show(page, admitted, request);
    response.json({ now: view.now, pieces: livePieces(view) });
  });
  return router;
}

function sendRefusal(response: Response, { code, problems = [] }: Refused): void {
  const message = (status: number, title: string, text: string) =>
    void response
      .status(status)
      .type('html')
      .send(renderMessage(title, text, code === 'unauthorized' ? 'none' : 'home'));
  switch (code) {
    case 'unauthorized':
      return message(401, 'A read token is needed', NO_ACCESS);
    case 'unknown_project':
      return message(404, 'No such project', 'Your token does not open a project of this name.');
    case 'invalid_query': {
      const words = problems.map((problem) => `${problem.parameter} ${problem.message}`).join('; ');
      return message(400, 'This address cannot be read', words);
    }
  }
}
