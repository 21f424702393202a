// The files that the pages load: style sheets, script, icon. Read once; anybody may have them.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Router } from 'express';
import { projectRoot } from '../../../shared/runtime/project-root.js';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Routes below `/assets`: the files of these kinds in this folder. Throws when the folder is missing. */
export function assetRoutes(): Router {
  const router = Router();
  const folder = path.join(projectRoot, 'services', 'reporter', 'web');
  for (const name of readdirSync(folder)) {
    const type = TYPES[path.extname(name)];
    if (type === undefined) continue;
    const body = readFileSync(path.join(folder, name));
    router.get(`/${name}`, (_request, response) => {
      // revalidated each time: a new version of the service is a new page
      response.set({ 'Content-Type': type, 'Cache-Control': 'no-cache' });
      response.send(body);
    });
  }
  return router;
}
