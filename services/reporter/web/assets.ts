// The files that the page loads: style sheet, script, icon. Read once; anybody may have them.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Router } from 'express';
import { projectRoot } from '../../../shared/runtime/project-root.js';

const ASSETS: Readonly<Record<string, string>> = {
  'page.css': 'text/css; charset=utf-8',
  'live.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

/** Routes below `/assets`. Throws when a file is missing. */
export function assetRoutes(): Router {
  const router = Router();
  for (const [name, type] of Object.entries(ASSETS)) {
    const body = readFileSync(path.join(projectRoot, 'services', 'reporter', 'web', name));
    router.get(`/${name}`, (_request, response) => {
      // revalidated each time: a new version of the service is a new page
      response.set({ 'Content-Type': type, 'Cache-Control': 'no-cache' });
      response.send(body);
    });
  }
  return router;
}
