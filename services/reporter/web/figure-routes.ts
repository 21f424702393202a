// Figures as files. In: a read token, the id of a figure, a filter. Out: CSV with the column names of the figure, the rows that the page
// draws; or problem details.
import { Router } from 'express';
import type { AppDependencies } from '../app-dependencies.js';
import { csvText } from '../figures/csv.js';
import { readFigure } from '../figures/figure.js';
import { figureOf } from '../figures/registry.js';
import { sendProblem } from '../problems.js';
import { admit } from './admission.js';

/** Characters of the id of the one thing that a figure is about. */
const ID_CHARS_MAX = 200;

/** Routes below `/figures`. */
export function figureRoutes(dependencies: AppDependencies): Router {
  const router = Router();
  router.get('/:figure.csv', async (request, response) => {
    const admitted = admit(request, dependencies);
    if ('code' in admitted) return sendProblem(response, admitted.code, admitted.problems);
    const definition = figureOf(request.params.figure);
    if (definition === undefined) return sendProblem(response, 'not_found');
    const { id = '' } = request.query;
    if (typeof id !== 'string' || id.length > ID_CHARS_MAX)
      return sendProblem(response, 'invalid_query', [
        { parameter: 'id', message: `must have at most ${ID_CHARS_MAX} characters` },
      ]);
    const { filter } = admitted;
    const { columns, rows } = await readFigure(dependencies.clickhouse, definition, {
      ...filter,
      ...(id === '' ? {} : { id }),
    });
    response.attachment(`tacit-${definition.id}-${filter.project}-${filter.from}.csv`);
    response.send(csvText(columns, rows));
  });
  return router;
}
