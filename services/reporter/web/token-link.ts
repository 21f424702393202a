// A link with a read token: keeps the token in a cookie and cleans the address. In: a request for a page. Out: a redirect to the same
// page, or the next handler when the address has no token. Must never send the reader to another host.
import type { NextFunction, Request, Response } from 'express';
import type { ResolvedProject } from '../../../shared/runtime/projects-file.js';
import { tokenCookie, visibleProjects } from '../access.js';
import { renderMessage } from './frame.js';
import { PAGE_PATHS } from './page-module.js';

/** Pages, and stored reports. */
export const LINKED_PATHS: readonly string[] = [...PAGE_PATHS, '/reports/*document'];

export function tokenFromLink(projects: () => readonly ResolvedProject[]) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const { token, ...rest } = request.query;
    if (token === undefined) return next();
    if (typeof token !== 'string' || visibleProjects(projects(), token).length === 0)
      return void response
        .status(401)
        .type('html')
        .send(renderMessage('This link does not open', 'Its token is unknown or was revoked. Ask for a new link.'));
    const kept = new URLSearchParams(
      Object.entries(rest).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ).toString();
    response.set('Set-Cookie', tokenCookie(token, request.secure));
    response.redirect(303, kept === '' ? request.path : `${request.path}?${kept}`);
  };
}
